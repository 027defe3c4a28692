/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.stillframe.manager.AfterSave;
import org.stillframe.manager.SaveReport;
import org.stillframe.manager.SaveRequest;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code stillframe save}. */
@Command(
    name = "save",
    description = {
      "Saves a guest into an image.",
      "The guest is stopped, its RAM and devices are stored, and the image takes its place at"
          + " TARGET only when it is whole and durable. If anything fails, a guest that ran runs on and an"
          + " older image is untouched.",
    })
final class SaveCommand implements Callable<Integer> {
  private final CommandContext context;

  /** As QEMU's own. */
  private static final Duration DEFAULT_DOWNTIME = Duration.ofMillis(300);

  @Spec private CommandSpec spec;

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

  @Option(
      names = "--live",
      description =
          "Lets the guest run while its RAM is saved, and stops it for the rest. QEMU saves again"
              + " what the guest writes meanwhile, and slows it down if it writes faster than that."
              + " Without this it is stopped first, and each page is saved once. Not with the route"
              + " memory, which reads the RAM of a guest that stands still.")
  private boolean live;

  @Option(
      names = "--downtime-limit",
      paramLabel = "MILLISECONDS",
      converter = Amounts.Downtime.class,
      description =
          "With --live: how long the guest may stand still while QEMU saves the rest, 1 to 2000000."
              + " Default: 300.")
  private Duration downtimeLimit;

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
    if (downtimeLimit != null && !live) {
      throw new ParameterException(
          spec.commandLine(),
          "--downtime-limit is for a guest that runs while it is saved; add --live");
    }
    if (live) {
      request.live(downtimeLimit == null ? DEFAULT_DOWNTIME : downtimeLimit);
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
