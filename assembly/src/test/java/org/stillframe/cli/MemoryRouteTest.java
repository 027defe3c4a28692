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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** RAM is read out of the process of QEMU, and written into it. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MemoryRouteTest {
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
    return ("--format mapped --route memory --json " + more).strip().split(" +");
  }

  private static String migrationSettings(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      return monitor.migrationSettings();
    }
  }

  private QemuProcess waiting(QemuVersions version) throws IOException {
    return guests.qemu(version, "restored").machine(MACHINE).incoming("defer").start();
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
    try (QemuProcess qemu =
        Guests.verified(guests.qemu(QemuVersions.QEMU_10, "source").machine(MACHINE))) {
      if (paused) {
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          monitor.execute("{'execute':'stop'}");
        }
      }
      String before = migrationSettings(qemu);
      JsonObject report = CommandRun.save(qemu.qmpSocket(), image, options(save)).done().json();
      assertEquals("memory", report.get("route").getAsString());
      assertEquals("mapped", report.get("layout").getAsString());
      assertEquals(!paused, report.has("stoodStillMillis"));
      assertEquals(before, migrationSettings(qemu));
    }
    assertFalse(Files.exists(Guests.partial(image)));
    try (QemuProcess qemu = waiting(to)) {
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
    try (QemuProcess qemu =
        Guests.verified(guests.qemu(QemuVersions.QEMU_10, "source").machine(MACHINE))) {
      CommandRun.save(qemu.qmpSocket(), image, options("--bypass-cache --channels 2")).done();
    }
    try (QemuProcess qemu = waiting(QemuVersions.QEMU_10)) {
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
  void fileOfQemuIsRestored() throws IOException {
    try (QemuProcess qemu =
            Guests.verified(guests.qemu(QemuVersions.QEMU_10, "source").machine(MACHINE));
        Monitor monitor = new Monitor(qemu.qmpSocket())) {
      monitor.execute(
          "{'execute':'migrate-set-capabilities','arguments':{'capabilities':"
              + "[{'capability':'mapped-ram','state':true},"
              + "{'capability':'multifd','state':true}]}}");
      monitor.migrate("file:" + image);
      monitor.awaitMigration("completed");
    }
    try (QemuProcess qemu = waiting(QemuVersions.QEMU_7)) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "multifd", "--bypass-cache").done();
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void fullDiskCostsNoGuest() throws Exception {
    try (SmallDisk disk = new SmallDisk(directory, 24 << 20);
        QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      Path target = disk.mountPoint().resolve("vm.image");
      String before = migrationSettings(qemu);
      for (String more : new String[] {"", "--bypass-cache"}) {
        CommandRun.save(qemu.qmpSocket(), target, options(more))
            .failed(3, "file:" + target, "No space left on device");
        assertEquals(before, migrationSettings(qemu));
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          assertEquals("running", monitor.status());
        }
        assertFalse(Files.exists(target));
        assertFalse(Files.exists(Guests.partial(target)));
      }
      qemu.awaitVerifiedRounds(2);
    }
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
