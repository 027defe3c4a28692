/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.time.Duration;
import org.stillframe.guest.Qmp;
import org.stillframe.manager.Route;
import picocli.CommandLine.Option;

/** The options of the commands that talk to a guest's QEMU. */
final class GuestOptions {
  @Option(
      names = "--qmp",
      required = true,
      paramLabel = "SOCKET",
      converter = QmpSocket.class,
      description =
          "The UNIX socket of the QMP monitor of the guest's QEMU: its path, or unix:PATH.")
  private Qmp qmp;

  @Option(
      names = "--connect-timeout",
      paramLabel = "SECONDS",
      converter = Amounts.Seconds.class,
      defaultValue = "10",
      description = "How long the monitor may take to answer at first. Default: ${DEFAULT-VALUE}.")
  private Duration connectTimeout;

  @Option(
      names = "--route",
      paramLabel = "auto|stream",
      defaultValue = "auto",
      description =
          "How RAM moves between QEMU and the image. stream: as a migration stream through a"
              + " socket; works with every QEMU. auto: the best that can be had. Default:"
              + " ${DEFAULT-VALUE}.")
  private Route route;

  Qmp qmp() {
    return qmp;
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  Route route() {
    return route;
  }
}
