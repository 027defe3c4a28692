/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A guest that writes to all of its memory is saved while it runs. */
@Tag("qemu")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class LiveSaveTest extends GuestFixture {
  private static final int PAGE = 4096;

  @ParameterizedTest
  @CsvSource({
    "QEMU_10, --format stream --max-bandwidth 200M",
    "QEMU_7, --format mapped --max-bandwidth 200M",
    "QEMU_10, --format mapped --route multifd --channels 3 --max-bandwidth 200M",
    "QEMU_7, --format mapped --route multifd --max-bandwidth 200M --downtime-limit 100",
    "QEMU_10, --format mapped --route native --downtime-limit 5",
  })
  void guestIsWhatItWasInTheEnd(QemuVersions version, String options) throws IOException {
    try (QemuProcess qemu = guests.running(version, "source")) {
      String before = settings(qemu);
      String[] all = ("--live --json " + options).split(" ");
      JsonObject report = CommandRun.save(qemu.qmpSocket(), image, all).done().json();
      assertTrue(report.has("stoodStillMillis"));
      assertEquals(before, settings(qemu));
    }
    if (options.contains("mapped")) {
      assertNoSlotIsStale();
    }
    try (QemuProcess qemu = guests.waiting(version, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image).done();
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  private static String settings(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      return monitor.migrationSettings();
    }
  }

  private void assertNoSlotIsStale() throws IOException {
    JsonObject seen = CommandRun.of("inspect", image, "--json").done().json();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "r")) {
      for (JsonElement each : seen.getAsJsonObject("contents").getAsJsonArray("blocks")) {
        JsonObject block = each.getAsJsonObject();
        int pages = (int) (block.get("bytes").getAsLong() / PAGE);
        byte[] bitmap = new byte[(pages + 63) / 64 * 8];
        file.seek(block.get("bitmapOffset").getAsLong());
        file.readFully(bitmap);
        byte[] slot = new byte[PAGE];
        for (int page = 0; page < pages; page++) {
          if ((bitmap[page / 8] >> page % 8 & 1) == 0) {
            file.seek(block.get("pagesOffset").getAsLong() + (long) page * PAGE);
            file.readFully(slot);
            for (byte one : slot) {
              assertEquals(0, one, "page " + page + " of " + block.get("name"));
            }
          }
        }
      }
    }
  }

  @Test
  void limitIsOfNoUseForAGuestThatIsStoppedFirst() throws IOException {
    CommandRun.save(directory.resolve("qmp.sock"), image, "--downtime-limit", "5")
        .failed(2, "--downtime-limit", "add --live");
    CommandRun.save(directory.resolve("qmp.sock"), image, "--live", "--downtime-limit", "0")
        .failed(2, "'0' is not a number of milliseconds from 1 to 2000000");
  }
}
