/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** QEMU writes and reads the file itself, through descriptors of ours. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class NativeRouteTest {
  private static final String MACHINE = "pc-q35-7.2";

  @TempDir Path directory;
  private Guests guests;
  private Path storage;
  private Path image;

  /** Bypassing the page cache needs a disk, which the directory for temporary files may not be. */
  @BeforeEach
  void describe() throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
    storage = Files.createTempDirectory(Path.of("/var/tmp"), "stillframe-test");
    image = storage.resolve("vm.image");
  }

  @AfterEach
  void clear() throws IOException {
    try (Stream<Path> files = Files.list(storage)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(storage);
  }

  private static String[] options(String more) {
    String all = "--format mapped --route native --json " + more;
    return all.strip().split(" +");
  }

  private static String migrationSettings(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      // A set may stay for as long as QEMU has a copy of its own open; what we passed may not.
      for (JsonElement set : monitor.execute("{'execute':'query-fdsets'}").getAsJsonArray()) {
        assertEquals(0, set.getAsJsonObject().getAsJsonArray("fds").size(), () -> "left: " + set);
      }
      return monitor.migrationSettings();
    }
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
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      if (paused) {
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          monitor.execute("{'execute':'stop'}");
        }
      }
      String before = migrationSettings(qemu);
      JsonObject report = CommandRun.save(qemu.qmpSocket(), image, options(save)).done().json();
      assertEquals("native", report.get("route").getAsString());
      assertEquals("none", report.get("backend").getAsString());
      assertEquals(
          save.contains("bypass"), report.get("backendReason").getAsString().contains("O_DIRECT"));
      assertEquals(!paused, report.has("stoodStillMillis"));
      assertEquals(before, migrationSettings(qemu));
    }
    assertFalse(Files.exists(Guests.partial(image)));
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      String before = migrationSettings(qemu);
      CommandRun.restore(qemu.qmpSocket(), image, restore.split(" ")).done();
      assertEquals(before, migrationSettings(qemu));
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals(paused ? "paused" : "running", monitor.status());
        monitor.execute("{'execute':'cont'}");
      }
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  @Test
  void plainQemuLoadsIt() throws IOException {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      CommandRun.save(qemu.qmpSocket(), image, options("--bypass-cache")).done();
    }
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.execute(
            "{'execute':'migrate-set-capabilities','arguments':{'capabilities':"
                + "[{'capability':'mapped-ram','state':true}]}}");
        monitor.execute("{'execute':'migrate-incoming','arguments':{'uri':'file:" + image + "'}}");
        monitor.awaitMigration("completed");
      }
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void imageMadeByUsIsLoadedByQemu() throws IOException {
    try (QemuProcess qemu =
        Guests.verified(guests.qemu(QemuVersions.QEMU_7, "source").machine(MACHINE))) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", "mapped").done();
    }
    try (QemuProcess qemu =
        guests.qemu(QemuVersions.QEMU_10, "restored").machine(MACHINE).incoming("defer").start()) {
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
          .failed(4, "RAM block " + block, "has 134217728 bytes of RAM, and the image 67108864");
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("inmigrate", monitor.status());
      }
    }
  }

  @Test
  void fullDiskCostsNoGuest() throws Exception {
    try (SmallDisk disk = new SmallDisk(directory, 24 << 20);
        QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      Path target = disk.mountPoint().resolve("vm.image");
      String before = migrationSettings(qemu);
      for (String more : new String[] {"", "--bypass-cache"}) {
        String line =
            CommandRun.save(qemu.qmpSocket(), target, options(more)).failed(3, "file:" + target);
        assertTrue(
            line.contains("No space left on device") || line.contains("nothing was stored"), line);
        assertEquals(before, migrationSettings(qemu));
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          assertEquals("running", monitor.status());
        }
        assertFalse(Files.exists(target));
        assertFalse(Files.exists(Guests.partial(target)));
      }
      qemu.awaitVerifiedRounds(2);
      CommandRun.save(qemu.qmpSocket(), image, options("")).done();
    }
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "native").done();
      qemu.awaitVerifiedRounds(2);
      assertNotEquals(0, qemu.verifiedRounds());
    }
  }
}
