/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.util.concurrent.Callable;
import org.stillframe.guest.Endpoint;
import org.stillframe.manager.ReceiveReport;
import org.stillframe.manager.ReceiveRequest;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stillframe receive}. */
@Command(
    name = "receive",
    description = {
      "Takes the migration stream of any QEMU and makes an image of it.",
      "For QMP 'migrate' with unix:PATH, or with \"exec:stillframe receive --listen fd:0 TARGET\"."
          + " The image takes its place only when the stream was whole. With exec:, QEMU does not"
          + " look at the exit status: see the messages of this command.",
    })
final class ReceiveCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private CommonOptions common;

  @Mixin private StoringOptions storing;

  @Option(
      names = "--listen",
      required = true,
      paramLabel = "unix:PATH|fd:N",
      description =
          "Where the stream comes from: a socket to listen on, or an open pipe or socket.")
  private String listen;

  @Parameters(paramLabel = "TARGET", description = "Where to make the image.")
  private String target;

  ReceiveCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(target);
    ReceiveRequest.Builder request = ReceiveRequest.builder(Endpoint.parse(listen), uri);
    common.apply(request);
    storing.apply(request);
    ReceiveReport report =
        common.run(context, (manager, listener) -> manager.receive(request.build(), listener));
    new Reports(context, common.json(), uri).received(report);
    return 0;
  }
}
