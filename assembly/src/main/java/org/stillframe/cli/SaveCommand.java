/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.util.concurrent.Callable;
import org.stillframe.manager.AfterSave;
import org.stillframe.manager.SaveReport;
import org.stillframe.manager.SaveRequest;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stillframe save}. */
@Command(
    name = "save",
    description = {
      "Saves a guest into an image.",
      "QEMU stops the guest, sends its RAM and devices, and the image takes its place at TARGET"
          + " only when it is whole and durable. If anything fails, a guest that ran runs on and an"
          + " older image is untouched.",
    })
final class SaveCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private CommonOptions common;

  @Mixin private StoringOptions storing;

  @Mixin private GuestOptions guest;

  @Parameters(paramLabel = "TARGET", description = "Where to make the image.")
  private String target;

  @Option(
      names = "--then",
      paramLabel = "resume|leave|quit",
      defaultValue = "leave",
      description =
          "What becomes of the guest after a good save. leave: it stays paused. quit: its QEMU"
              + " ends. resume: it runs on; it then writes to its disks, and the image no longer"
              + " belongs to them. Default: ${DEFAULT-VALUE}.")
  private AfterSave afterwards;

  @Option(
      names = "--max-bandwidth",
      paramLabel = "RATE",
      converter = Amounts.Rate.class,
      description =
          "Bytes per second at most, as in 500M or 1.5G; 0 for no limit. The guest stands still for"
              + " longer. Default: 0.")
  private Long maxBandwidth;

  SaveCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(target);
    SaveRequest.Builder request =
        SaveRequest.builder(guest.qmp(), uri)
            .route(guest.route())
            .afterwards(afterwards)
            .connectTimeout(guest.connectTimeout());
    if (maxBandwidth != null) {
      request.maxBandwidth(maxBandwidth);
    }
    guest.channels().ifPresent(request::channels);
    common.apply(request);
    storing.apply(request);
    SaveReport report =
        common.run(context, (manager, listener) -> manager.save(request.build(), listener));
    new Reports(context, common.json(), uri).saved(report);
    return 0;
  }
}
