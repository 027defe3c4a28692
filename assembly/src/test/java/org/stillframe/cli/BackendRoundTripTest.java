/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/**
 * Guests that are saved as streams through one backend and restored through another, verified by
 * themselves.
 */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BackendRoundTripTest {
  @TempDir Path directory;

  @TempDir(factory = OnDisk.class)
  Path storage;

  @ParameterizedTest
  @CsvSource({
    "--backend posix, posix, --backend uring --bypass-cache, uring",
    "--backend uring, uring, --backend posix, posix",
    "--backend uring --bypass-cache, uring, --backend odirect --bypass-cache, odirect",
    "--backend odirect --bypass-cache, odirect, --backend uring, uring",
    "--backend odirect, odirect, --backend odirect, odirect",
    "--bypass-cache, '', --bypass-cache, ''",
  })
  void guestIsWhatItWas(String save, String saved, String restore, String restored)
      throws IOException {
    Path image = storage.resolve("vm.image");
    Guests guests = new Guests(directory, Mode.REWRITE);
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      JsonObject report =
          CommandRun.save(
                  qemu.qmpSocket(), image, options(save, "--format", "stream", "--then", "quit"))
              .done()
              .json();
      requireBackend(saved, report);
      assertEquals(0, qemu.awaitExit(Duration.ofSeconds(30)));
    }
    assertEquals(List.of(image), files());
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      requireBackend(
          restored, CommandRun.restore(qemu.qmpSocket(), image, options(restore)).done().json());
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(storage)) {
      return files.toList();
    }
  }

  private static String[] options(String text, String... more) {
    return Stream.concat(
            Stream.concat(Stream.of(text.split(" ")), Stream.of(more)), Stream.of("--json"))
        .toArray(String[]::new);
  }

  private static void requireBackend(String expected, JsonObject report) {
    String used = report.get("backend").getAsString();
    if (expected.isEmpty()) {
      // Whichever of the two that bypass the cache is ranked first here.
      assertTrue(List.of("odirect", "uring").contains(used), used);
    } else {
      assertEquals(expected, used);
    }
  }
}
