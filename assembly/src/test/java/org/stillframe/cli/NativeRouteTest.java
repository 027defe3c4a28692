/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** QEMU writes and reads the file itself, through descriptors of ours. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class NativeRouteTest extends RouteContract {
  NativeRouteTest() {
    super("native");
  }

  @ParameterizedTest
  @CsvSource({
    "'', false, --route native",
    "--channels 1, true, --route stream",
    "--channels 4 --bypass-cache, false, --route native --bypass-cache --channels 4",
    "--channels 1 --bypass-cache, true, --route native --channels 1",
    "--bypass-cache, false, --route stream --bypass-cache",
  })
  void guestIsWhatItWas(String save, boolean paused, String restore) throws IOException {
    JsonObject report =
        roundTrip(QemuVersions.QEMU_10, save, paused, QemuVersions.QEMU_10, restore);
    assertEquals("none", report.get("backend").getAsString());
    assertEquals(
        save.contains("bypass"), report.get("backendReason").getAsString().contains("O_DIRECT"));
  }

  @Test
  void imageMadeByUsIsLoadedByQemu() throws IOException {
    try (QemuProcess qemu = running(QemuVersions.QEMU_7)) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", "mapped").done();
    }
    try (QemuProcess qemu = waiting(QemuVersions.QEMU_10)) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "native", "--bypass-cache").done();
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void olderQemuIsToldWhichRouteWillDo() throws IOException {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_7, "source")) {
      CommandRun.save(qemu.qmpSocket(), image, options(""))
          .failed(2, "route native with QEMU 7.2", "mapped-ram", "9.0", "use the route stream");
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("running", monitor.status());
      }
      qemu.awaitVerifiedRounds(2);
    }
    assertFalse(Files.exists(Guests.partial(image)));
  }

  @Test
  void memoryCannotBeBypassed() throws IOException {
    Path directory = Files.createTempDirectory(Path.of("/dev/shm"), "stillframe-test");
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      CommandRun.save(qemu.qmpSocket(), directory.resolve("vm"), options("--bypass-cache"))
          .failed(2, directory, "tmpfs keeps files in the page cache alone");
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("", monitor.migrationStatus());
      }
    } finally {
      Files.delete(directory);
    }
  }

  private static String[] memoryOf(String name, int size) {
    String object = "memory-backend-memfd,id=" + name + ",size=" + size + "M";
    return new String[] {"-object", object, "-machine", "memory-backend=" + name};
  }

  /** QEMU itself would take it, and fill the beginning alone. */
  @ParameterizedTest
  @ValueSource(strings = {"pc.ram", "mem0"})
  void otherSizeOfMemoryIsRefused(String block) throws IOException {
    try (QemuProcess qemu =
        Guests.verified(guests.qemu(QemuVersions.QEMU_10, "source").args(memoryOf(block, 64)))) {
      CommandRun.save(qemu.qmpSocket(), image, options("")).done();
    }
    try (QemuProcess qemu =
        guests
            .qemu(QemuVersions.QEMU_10, "restored")
            .memoryMib(128)
            .args(memoryOf(block, 128))
            .incoming("defer")
            .start()) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "native")
          .failed(
              4,
              "RAM block " + block,
              "it has 67108864 bytes in the image and 134217728 in this QEMU");
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("inmigrate", monitor.status());
      }
    }
  }
}
