/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.util.concurrent.Callable;
import org.stillframe.manager.ImageDescription;
import org.stillframe.manager.InspectRequest;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code stillframe inspect}. */
@Command(
    name = "inspect",
    description = "Tells what is in an image, and whether it is whole, without starting a guest.")
final class InspectCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private CommonOptions common;

  @Parameters(paramLabel = "IMAGE", description = "The image to read.")
  private String image;

  InspectCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(image);
    InspectRequest.Builder request = InspectRequest.builder(uri);
    common.apply(request);
    ImageDescription description =
        common.run(context, (manager, listener) -> manager.inspect(request.build(), listener));
    new Reports(context, common.json(), uri).inspected(description);
    return 0;
  }
}
