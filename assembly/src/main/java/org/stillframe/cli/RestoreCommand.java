/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.stillframe.guest.Qmp;
import org.stillframe.manager.AfterRestore;
import org.stillframe.manager.RestoreReport;
import org.stillframe.manager.RestoreRequest;
import org.stillframe.manager.Route;
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
    })
final class RestoreCommand implements Callable<Integer> {
  private final Session session;

  @Mixin private CommonOptions common;

  @Option(
      names = "--qmp",
      required = true,
      paramLabel = "SOCKET",
      converter = QmpSocket.class,
      description = "The UNIX socket of the waiting QEMU's QMP monitor.")
  private Qmp qmp;

  @Parameters(paramLabel = "IMAGE", description = "The image to restore from.")
  private String image;

  @Option(
      names = "--route",
      paramLabel = "auto|stream",
      defaultValue = "auto",
      description =
          "How RAM gets to QEMU. stream: QEMU loads from a socket; works with every QEMU."
              + " auto: the best that can be had. Default: ${DEFAULT-VALUE}.")
  private Route route;

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

  @Option(
      names = "--connect-timeout",
      paramLabel = "SECONDS",
      converter = Amounts.Seconds.class,
      defaultValue = "10",
      description = "How long QEMU's monitor may take to answer. Default: ${DEFAULT-VALUE}.")
  private Duration connectTimeout;

  RestoreCommand(Session session) {
    this.session = session;
  }

  @Override
  public Integer call() throws Exception {
    TargetUri uri = TargetUri.parse(image);
    RestoreRequest.Builder request =
        RestoreRequest.builder(qmp, uri)
            .route(route)
            .afterwards(afterwards.wish())
            .connectTimeout(connectTimeout);
    common.apply(request);
    RestoreReport report =
        common.run(session, (manager, listener) -> manager.restore(request.build(), listener));
    new Reports(session, common.json(), uri).restored(report);
    return 0;
  }
}
