/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.time.Duration;
import java.util.Optional;
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
      paramLabel = "auto|memory|multifd|native|stream",
      defaultValue = "auto",
      description =
          "How RAM moves between QEMU and the image. memory: read out of QEMU's process, or written"
              + " into it, with no migration; QEMU 8.0 or newer on this host, layout mapped. stream: as a migration stream through a"
              + " socket; works with every QEMU. multifd: through several sockets at once, with QEMU"
              + " 4.0 or newer, in the layout mapped. native: QEMU, 9.0 or newer, writes and reads"
              + " the file itself, in the layout mapped. auto: the best that can be had. Default:"
              + " ${DEFAULT-VALUE}.")
  private Route route;

  @Option(
      names = "--channels",
      paramLabel = "N",
      converter = Amounts.Channels.class,
      description = "How many threads move RAM, 1 to 255; with every route but stream. Default: 2.")
  private Integer channels;

  Qmp qmp() {
    return qmp;
  }

  Duration connectTimeout() {
    return connectTimeout;
  }

  Route route() {
    return route;
  }

  Optional<Integer> channels() {
    return Optional.ofNullable(channels);
  }
}
