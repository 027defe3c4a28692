/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.util.concurrent.Callable;
import org.stillframe.guest.Endpoint;
import org.stillframe.manager.SendReport;
import org.stillframe.manager.SendRequest;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stillframe send}. */
@Command(
    name = "send",
    description = {
      "Sends an image to any QEMU that waits for a migration.",
      "For a QEMU started with -incoming unix:PATH, or with"
          + " -incoming \"exec:stillframe send IMAGE --connect fd:1\".",
    })
final class SendCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "IMAGE", description = "The image to send.")
  private String image;

  @Option(
      names = "--connect",
      required = true,
      paramLabel = "unix:PATH|fd:N",
      description =
          "Where the stream goes: a socket that is listened on, or an open pipe or socket.")
  private String connect;

  SendCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(image);
    Endpoint sink = Endpoint.parse(connect);
    SendRequest.Builder request = SendRequest.builder(uri, sink);
    common.apply(request);
    SendReport report =
        common.run(context, (manager, listener) -> manager.send(request.build(), listener));
    // The stream may go to standard output: the report must not follow it there.
    TargetUri used = sink.path() == null ? TargetUri.descriptor(sink.number()) : uri;
    new Reports(context, common.json(), used).sent(report);
    return 0;
  }
}
