/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Guests that cannot be reached, cannot be saved, or go away: status 4, and why. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MonitorFailureTest extends GuestFixture {
  @Test
  void noSuchSocket() {
    Path none = directory.resolve("none.sock");
    CommandRun.save(none, image).failed(4, none, "No such file or directory (ENOENT)", "-qmp");
  }

  @Test
  void notASocket() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));
    CommandRun.save(file, image).failed(4, file, "this is not a socket");
  }

  @Test
  void socketThatIsNotQmp() throws IOException {
    Path human = directory.resolve("human.sock");
    try (QemuProcess qemu =
        guests
            .qemu(QemuVersions.QEMU_10, "source")
            .args("-monitor", "unix:" + human + ",server=on,wait=off")
            .start()) {
      CommandRun.save(human, image, "--connect-timeout", "5")
          .failed(4, human, "this is not a QMP monitor", "QEMU 10");
    }
  }

  @Test
  void monitorThatServesAnotherClient() throws IOException {
    try (QemuProcess qemu = guests.qemu(QemuVersions.QEMU_10, "source").start();
        Monitor other = new Monitor(qemu.qmpSocket())) {
      CommandRun.save(qemu.qmpSocket(), image, "--connect-timeout", "2")
          .failed(4, qemu.qmpSocket(), "within 2.0 s", "another client");
      assertEquals("running", other.status());
    }
    requireNothingLeft();
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void qemuThatGoesAway(QemuVersions version) throws Exception {
    try (QemuProcess qemu = guests.running(version, "source")) {
      CompletableFuture<CommandRun> saving =
          CommandRun.beginSave(qemu.qmpSocket(), image, "--max-bandwidth", "8M");
      Guests.awaitBegun(image);
      qemu.close();
      String line = saving.get().failed(4, qemu.qmpSocket(), "lost QEMU");
      assertFalse(line.contains("also:"), line);
    }
    requireNothingLeft();
  }

  @Test
  void guestThatWasSavedAlready() throws IOException {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      CommandRun.save(qemu.qmpSocket(), image, "--route", "stream").done();
      Path second = directory.resolve("second.image");
      CommandRun.save(qemu.qmpSocket(), second).failed(4, qemu.qmpSocket(), "postmigrate", "cont");
      assertFalse(Files.exists(second));
    }
  }

  @Test
  void guestThatIsBeingSaved() throws Exception {
    Path other = directory.resolve("other.sock");
    Path second = directory.resolve("second.image");
    try (QemuProcess qemu =
        Guests.verified(
            guests
                .qemu(QemuVersions.QEMU_10, "source")
                .args("-qmp", "unix:" + other + ",server=on,wait=off"))) {
      // Nothing is read from the pipe until the file is there: so long the first save waits.
      String line =
          "$SF save --progress none --qmp %s fd:1 | { until [ -e go ]; do sleep 0.1; done; cat > %s; }"
              .formatted(qemu.qmpSocket(), image)
              .replace("-e go", "-e " + directory.resolve("go"));
      try (CommandProcess first = CommandProcess.shell(directory, line)) {
        try (Monitor monitor = new Monitor(other)) {
          monitor.awaitMigration("active");
        }
        CommandRun.save(other, second).failed(4, other, "being saved or migrated already");
        Files.createFile(directory.resolve("go"));
        first.await().done();
      }
      assertFalse(Files.exists(second));
      CommandRun.of("inspect", image).done();
    }
  }

  @Test
  void guestThatQemuCannotMigrate() throws IOException {
    Path shared = Files.createDirectory(directory.resolve("shared"));
    try (QemuProcess qemu =
        guests
            .qemu(QemuVersions.QEMU_10, "source")
            .args("-drive", "if=none,id=fat,format=raw,file=fat:rw:" + shared)
            .start()) {
      CommandRun.save(qemu.qmpSocket(), image)
          .failed(4, qemu.qmpSocket(), "vvfat (rw) format", "does not support live migration");
    }
    requireNothingLeft();
  }

  @Test
  void restoreIntoAGuestThatRuns() throws IOException {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      CommandRun.save(qemu.qmpSocket(), image, "--then", "resume").done();
      CommandRun.restore(qemu.qmpSocket(), image)
          .failed(4, qemu.qmpSocket(), "it does not wait for a guest", "-incoming defer");
      qemu.awaitVerifiedRounds(2);
    }
  }

  private void requireNothingLeft() {
    assertFalse(Files.exists(image));
    assertFalse(Files.exists(Guests.partial(image)));
  }
}
