/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.util.concurrent.Callable;
import org.stillframe.manager.ConvertReport;
import org.stillframe.manager.ConvertRequest;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code stillframe convert}. */
@Command(
    name = "convert",
    description = {
      "Makes an image of another, in the layout that --format says, without a guest.",
      "The new image takes its place only when it is whole and durable.",
    })
final class ConvertCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private CommonOptions common;

  @Mixin private StoringOptions storing;

  @Parameters(paramLabel = "IMAGE", description = "The image to read.")
  private String image;

  @Parameters(paramLabel = "TARGET", description = "Where to make the new image.")
  private String target;

  ConvertCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(target);
    ConvertRequest.Builder request = ConvertRequest.builder(TargetUri.parse(image), uri);
    common.apply(request);
    storing.apply(request);
    ConvertReport report =
        common.run(context, (manager, listener) -> manager.convert(request.build(), listener));
    new Reports(context, common.json(), uri).converted(report);
    return 0;
  }
}
