/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A command that is stopped in the middle of a save costs nobody a running guest. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InterruptionTest extends GuestFixture {
  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void controlC(QemuVersions version) throws Exception {
    try (QemuProcess qemu = guests.running(version, "source")) {
      String before = settings(qemu);
      try (CommandProcess command = slowSave(qemu)) {
        Guests.awaitBegun(image);
        command.signal("INT");
        command.await().failed(130, image, "cancelled");
      }
      requireGuestRuns(qemu);
      assertEquals(before, settings(qemu));
      assertFalse(Files.exists(image));
      assertFalse(Files.exists(Guests.partial(image)));
    }
  }

  @Test
  void controlCWhileWaitingForASender() throws Exception {
    Path socket = directory.resolve("stream.sock");
    List<Object> arguments =
        List.of("receive", "--listen", "unix:" + socket, image, "--progress", "none");
    try (CommandProcess command = CommandProcess.start(directory, arguments.toArray())) {
      Guests.awaitListening(socket);
      command.signal("INT");
      command.await().failed(130, image, "cancelled");
    }
    assertFalse(Files.exists(socket));
    assertFalse(Files.exists(Guests.partial(image)));
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void killedCommand(QemuVersions version) throws Exception {
    try (QemuProcess qemu = guests.running(version, "source")) {
      try (CommandProcess command = slowSave(qemu)) {
        Guests.awaitBegun(image);
        command.signal("KILL");
        assertEquals(137, command.await().status());
      }
      requireGuestRuns(qemu);
      assertFalse(Files.exists(image));
      assertTrue(Files.exists(Guests.partial(image)), "nobody was left to remove it");

      CommandRun.save(qemu.qmpSocket(), image).done();
      assertFalse(Files.exists(Guests.partial(image)));
    }
    try (QemuProcess qemu = guests.waiting(version, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image).done();
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void pausedGuestStaysPaused() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.execute("{'execute':'stop'}");
      }
      try (CommandProcess command = slowSave(qemu)) {
        Guests.awaitBegun(image);
        command.signal("INT");
        command.await().failed(130, image, "cancelled");
      }
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("paused", monitor.status());
      }
    }
  }

  private CommandProcess slowSave(QemuProcess qemu) throws IOException {
    Object[] arguments = {
      "save",
      "--qmp",
      qemu.qmpSocket(),
      image,
      "--route",
      "stream",
      "--max-bandwidth",
      "4M",
      "--progress",
      "none"
    };
    return CommandProcess.start(directory, arguments);
  }

  private static String settings(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      return monitor.migrationSettings();
    }
  }

  private static void requireGuestRuns(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      monitor.awaitStatus("running");
      assertNotEquals("active", monitor.migrationStatus());
      assertNotEquals("completed", monitor.migrationStatus());
    }
    qemu.awaitVerifiedRounds(2);
  }
}
