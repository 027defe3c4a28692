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
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** What holds of every route that makes images of the layout mapped. */
abstract class RouteContract {
  private static final String MACHINE = "pc-q35-7.2";

  @TempDir Path directory;

  @TempDir(factory = OnDisk.class)
  Path storage;

  Guests guests;
  Path image;
  private final String route;

  RouteContract(String route) {
    this.route = route;
  }

  @BeforeEach
  void describe() throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
    image = storage.resolve("vm.image");
  }

  /** The options of a save by this route, and others. */
  final String[] options(String more) {
    return ("--format mapped --json --route " + route + " " + more).strip().split(" +");
  }

  /** A guest of a machine that both QEMUs know. */
  final QemuProcess running(QemuVersions version) throws IOException {
    return Guests.verified(guests.qemu(version, "source").machine(MACHINE));
  }

  /** A QEMU that waits for such a guest. */
  final QemuProcess waiting(QemuVersions version) throws IOException {
    return guests.qemu(version, "restored").machine(MACHINE).incoming("defer").start();
  }

  /** All settings that a save or a restore may have touched. */
  private static String settings(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      // A set may stay for as long as QEMU has a copy of its own open; what we passed may not.
      for (JsonElement set : monitor.execute("{'execute':'query-fdsets'}").getAsJsonArray()) {
        assertEquals(0, set.getAsJsonObject().getAsJsonArray("fds").size(), () -> "left: " + set);
      }
      return monitor.migrationSettings();
    }
  }

  /**
   * Saves a guest by this route and restores it, and sees to it that it is what it was.
   *
   * @param save further options
   * @param restore options, the route among them
   * @return the report of the save
   */
  final JsonObject roundTrip(
      QemuVersions from, String save, boolean paused, QemuVersions to, String restore)
      throws IOException {
    JsonObject report;
    try (QemuProcess qemu = running(from)) {
      if (paused) {
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          monitor.execute("{'execute':'stop'}");
        }
      }
      String before = settings(qemu);
      report = CommandRun.save(qemu.qmpSocket(), image, options(save)).done().json();
      assertEquals(route, report.get("route").getAsString());
      assertEquals("mapped", report.get("layout").getAsString());
      assertEquals(!paused, report.has("stoodStillMillis"));
      assertEquals(before, settings(qemu));
    }
    assertFalse(Files.exists(Guests.partial(image)));
    try (QemuProcess qemu = waiting(to)) {
      String before = settings(qemu);
      CommandRun.restore(qemu.qmpSocket(), image, restore.split(" ")).done();
      assertEquals(before, settings(qemu));
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals(paused ? "paused" : "running", monitor.status());
        monitor.execute("{'execute':'cont'}");
      }
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
    return report;
  }

  /** Saves a guest by this route, and has QEMU 10 load the image without us. */
  final void loadedByPlainQemu(QemuVersions from) throws IOException {
    try (QemuProcess qemu = running(from)) {
      CommandRun.save(qemu.qmpSocket(), image, options("--bypass-cache --channels 2")).done();
    }
    try (QemuProcess qemu = waiting(QemuVersions.QEMU_10)) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.switchOn("mapped-ram");
        monitor.execute("{'execute':'migrate-incoming','arguments':{'uri':'file:" + image + "'}}");
        monitor.awaitMigration("completed");
      }
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void plainQemuLoadsIt() throws IOException {
    loadedByPlainQemu(QemuVersions.QEMU_10);
  }

  @Test
  void fullDiskCostsNoGuest() throws Exception {
    try (SmallDisk disk = new SmallDisk(directory, 24 << 20);
        QemuProcess qemu = running(QemuVersions.QEMU_10)) {
      Path target = disk.mountPoint().resolve("vm.image");
      String before = settings(qemu);
      for (String more : new String[] {"", "--bypass-cache"}) {
        String line =
            CommandRun.save(qemu.qmpSocket(), target, options(more)).failed(3, "file:" + target);
        // QEMU itself takes a write that was cut short for a good one.
        assertTrue(
            line.contains("No space left on device")
                || route.equals("native") && line.contains("nothing was stored"),
            line);
        assertEquals(before, settings(qemu));
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          assertEquals("running", monitor.status());
        }
        assertFalse(Files.exists(target));
        assertFalse(Files.exists(Guests.partial(target)));
      }
      qemu.awaitVerifiedRounds(2);
      CommandRun.save(qemu.qmpSocket(), image, options("")).done();
    }
    try (QemuProcess qemu = waiting(QemuVersions.QEMU_10)) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", route).done();
      qemu.awaitVerifiedRounds(2);
    }
  }
}
