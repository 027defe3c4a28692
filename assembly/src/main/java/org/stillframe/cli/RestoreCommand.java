/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.util.concurrent.Callable;
import org.stillframe.manager.AfterRestore;
import org.stillframe.manager.RestoreMode;
import org.stillframe.manager.RestoreReport;
import org.stillframe.manager.RestoreRequest;
import org.stillframe.target.TargetUri;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code stillframe restore}. */
@Command(
    name = "restore",
    description = {
      "Brings a guest back from an image.",
      "Start a QEMU with the options the guest was saved with, and -incoming defer. The guest runs"
          + " if it ran when it was saved, unless its QEMU was started with -S.",
      "With --mode instant it runs at once, and its memory is read as it is used: start QEMU with"
          + " what stillframe qemu-args IMAGE --mode instant prints. Any number of guests can run from"
          + " one image. The image must not be written to in place while one of them lives; to save"
          + " another over its path with --force, or to remove it, harms none.",
    })
final class RestoreCommand implements Callable<Integer> {
  private final CommandContext context;

  @Mixin private CommonOptions common;

  @Mixin private GuestOptions guest;

  @Parameters(paramLabel = "IMAGE", description = "The image to restore from.")
  private String image;

  @Option(
      names = "--mode",
      paramLabel = "eager|instant",
      defaultValue = "eager",
      description =
          "eager: all of RAM is loaded before the guest runs. instant: QEMU has main memory mapped"
              + " from IMAGE copy-on-write, which is verified, and all else is loaded; layout mapped"
              + " alone, as root or QEMU's user on QEMU's host, without --route, --channels, --backend"
              + " and --bypass-cache. Default: ${DEFAULT-VALUE}.")
  private RestoreMode mode;

  /** One of two, or neither. */
  static final class Afterwards {
    @Option(names = "--paused", description = "Leave the guest paused once it is loaded.")
    private boolean paused;

    @Option(names = "--running", description = "Let the guest run, even if it was saved paused.")
    private boolean running;

    AfterRestore wish() {
      return paused ? AfterRestore.PAUSE : running ? AfterRestore.RUN : AfterRestore.AS_SAVED;
    }
  }

  @ArgGroup(exclusive = true)
  private Afterwards afterwards = new Afterwards();

  RestoreCommand(CommandContext context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(image);
    RestoreRequest.Builder request =
        RestoreRequest.builder(guest.qmp(), uri)
            .mode(mode)
            .route(guest.route())
            .afterwards(afterwards.wish())
            .connectTimeout(guest.connectTimeout());
    guest.channels().ifPresent(request::channels);
    common.apply(request);
    RestoreReport report =
        common.run(context, (manager, listener) -> manager.restore(request.build(), listener));
    new Reports(context, common.json(), uri).restored(report);
    return 0;
  }
}
