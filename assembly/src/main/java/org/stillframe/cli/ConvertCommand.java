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
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stillframe convert}. */
@Command(
    name = "convert",
    description = {
      "Makes an image of another, in the layout that --format says, without a guest.",
      "The new image takes its place only when it is whole and durable. --bypass-cache is asked of"
          + " both.",
    })
final class ConvertCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private CommonOptions common;

  @Mixin private StoringOptions storing;

  @Parameters(paramLabel = "IMAGE", description = "The image to read.")
  private String image;

  @Parameters(paramLabel = "TARGET", description = "Where to make the new image.")
  private String target;

  @Option(
      names = "--source-backend",
      paramLabel = "NAME",
      description =
          "Read IMAGE with this storage backend; --backend is TARGET's. Default: the best that"
              + " accepts it.")
  private String sourceBackend;

  @Option(
      names = "--channels",
      paramLabel = "N",
      converter = Amounts.Channels.class,
      description =
          "How many threads read and write at once, 1 to 255, where the layouts let them. Default:"
              + " the number of processors, from 2 to 4.")
  private Integer channels;

  ConvertCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(target);
    ConvertRequest.Builder request = ConvertRequest.builder(TargetUri.parse(image), uri);
    if (sourceBackend != null) {
      request.sourceBackend(sourceBackend);
    }
    if (channels != null) {
      request.channels(channels);
    }
    common.apply(request);
    storing.apply(request);
    ConvertReport report =
        common.run(context, (manager, listener) -> manager.convert(request.build(), listener));
    new Reports(context, common.json(), uri).converted(report);
    return 0;
  }
}
