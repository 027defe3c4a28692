/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A guest comes and goes through several sockets at once. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MultifdRouteTest extends RouteContract {
  MultifdRouteTest() {
    super("multifd");
  }

  @ParameterizedTest
  @CsvSource({
    "QEMU_10, '', false, QEMU_10, --route multifd",
    "QEMU_10, --channels 1 --backend posix, true, QEMU_7, --route multifd --channels 3",
    "QEMU_10, --channels 4 --bypass-cache, false, QEMU_10, --route native --bypass-cache",
    "QEMU_7, --channels 2 --bypass-cache, false, QEMU_10, --route multifd --bypass-cache",
    "QEMU_7, --channels 3 --backend odirect --bypass-cache, true, QEMU_7, --route stream",
    "QEMU_7, --backend uring, false, QEMU_7, --route multifd --channels 1 --backend uring",
  })
  void guestIsWhatItWas(
      QemuVersions from, String save, boolean paused, QemuVersions to, String restore)
      throws IOException {
    roundTrip(from, save, paused, to, restore);
  }

  @Test
  void plainQemuLoadsWhatAnOlderOneSent() throws IOException {
    loadedByPlainQemu(QemuVersions.QEMU_7);
  }

  @Test
  void fileOfQemuIsRestored() throws IOException {
    try (QemuProcess qemu = running(QemuVersions.QEMU_10);
        Monitor monitor = new Monitor(qemu.qmpSocket())) {
      monitor.switchOn("mapped-ram", "multifd");
      monitor.migrate("file:" + image);
      monitor.awaitMigration("completed");
    }
    try (QemuProcess qemu = waiting(QemuVersions.QEMU_7)) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "multifd", "--bypass-cache").done();
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void layoutStreamHasNoPlacesForPages() throws IOException {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", "stream", "--route", "multifd")
          .failed(2, "route multifd", "fixed places", "use the route stream");
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("running", monitor.status());
      }
    }
  }
}
