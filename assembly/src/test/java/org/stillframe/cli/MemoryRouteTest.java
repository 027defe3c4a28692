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

/** RAM is read out of the process of QEMU, and written into it. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MemoryRouteTest extends RouteContract {
  MemoryRouteTest() {
    super("memory");
  }

  @ParameterizedTest
  @CsvSource({
    "'', false, QEMU_10, --route memory",
    "--channels 1 --backend posix, true, QEMU_10, --route memory --channels 3",
    "--channels 4 --bypass-cache, false, QEMU_10, --route native --bypass-cache",
    "--bypass-cache, false, QEMU_7, --route multifd --bypass-cache",
    "--channels 3 --backend odirect --bypass-cache, true, QEMU_7, --route stream",
  })
  void guestIsWhatItWas(String save, boolean paused, QemuVersions to, String restore)
      throws IOException {
    roundTrip(QemuVersions.QEMU_10, save, paused, to, restore);
  }

  @Test
  void olderQemuDoesNotTellWhereRamLies() throws IOException {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_7, "source")) {
      CommandRun.save(qemu.qmpSocket(), image, options(""))
          .failed(2, image, "route memory", "does not tell where RAM lies", "use the route");
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("running", monitor.status());
      }
    }
  }
}
