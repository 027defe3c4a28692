/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

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

/**
 * An image of the layout stream, brought back by the routes whose pages do not come in a stream.
 */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class StreamImageTest extends GuestFixture {
  private static final String MACHINE = "pc-q35-7.2";

  private QemuProcess waiting(QemuVersions version) throws IOException {
    return guests.qemu(version, "restored").machine(MACHINE).incoming("defer").start();
  }

  private void save(QemuVersions version, boolean paused, String... options) throws IOException {
    try (QemuProcess qemu = Guests.verified(guests.qemu(version, "source").machine(MACHINE))) {
      if (paused) {
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          monitor.execute("{'execute':'stop'}");
        }
      }
      CommandRun.save(qemu.qmpSocket(), image, options).done();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "QEMU_10, '', false, QEMU_10, memory, ''",
    "QEMU_7, '', true, QEMU_10, memory, --backend uring",
    "QEMU_10, --live --max-bandwidth 100M, false, QEMU_10, memory, --backend odirect",
    "QEMU_7, '', false, QEMU_10, multifd, --channels 1",
    "QEMU_10, '', true, QEMU_7, multifd, ''",
    "QEMU_10, --live --max-bandwidth 100M, false, QEMU_10, multifd, --channels 3",
    "QEMU_10, --live --max-bandwidth 100M, false, QEMU_7, multifd, --channels 3",
  })
  void guestIsWhatItWas(
      QemuVersions from, String save, boolean paused, QemuVersions to, String route, String more)
      throws IOException {
    save(from, paused, ("--format stream " + save).strip().split(" "));
    try (QemuProcess qemu = waiting(to)) {
      String before;
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        before = monitor.migrationSettings();
      }
      String[] options = ("--json --route " + route + " " + more).strip().split(" ");
      JsonObject report = CommandRun.restore(qemu.qmpSocket(), image, options).done().json();
      assertEquals(route, report.get("route").getAsString());
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals(before, monitor.migrationSettings());
        assertEquals(paused ? "paused" : "running", monitor.status());
        monitor.execute("{'execute':'cont'}");
      }
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  @ParameterizedTest
  @CsvSource({"memory", "multifd"})
  void whatComesThroughAPipeGoesThere(String route) throws Exception {
    save(QemuVersions.QEMU_10, false, "--format", "stream");
    try (QemuProcess qemu = waiting(QemuVersions.QEMU_10)) {
      String restore =
          "$SF restore --progress none --route " + route + " --qmp " + qemu.qmpSocket() + " fd:0";
      String line = "cat " + image + " | " + restore;
      try (CommandProcess command = CommandProcess.shell(directory, line)) {
        command.await().done();
      }
      qemu.awaitVerifiedRounds(2);
    }
  }

  /** Through a pipe nobody sees the end ahead of time. */
  @ParameterizedTest
  @CsvSource({"memory", "multifd"})
  void aStreamThatEndsTooEarlyRunsNowhere(String route) throws Exception {
    save(QemuVersions.QEMU_10, false, "--format", "stream");
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(file.length() - 1);
    }
    try (QemuProcess qemu = waiting(QemuVersions.QEMU_10)) {
      String restore =
          "$SF restore --progress none --route " + route + " --qmp " + qemu.qmpSocket() + " fd:0";
      String line = "cat " + image + " | " + restore;
      try (CommandProcess command = CommandProcess.shell(directory, line)) {
        command.await().failed(1, "fd:0", "cut");
      }
      assertEquals(0, qemu.verifiedRounds(), "nothing runs");
    }
  }

  @Test
  void otherMemoryIsNamedBeforeAByteIsWritten() throws Exception {
    save(QemuVersions.QEMU_10, false, "--format", "stream");
    try (QemuProcess qemu =
        guests
            .qemu(QemuVersions.QEMU_10, "restored")
            .machine(MACHINE)
            .memoryMib(80)
            .incoming("defer")
            .start()) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "memory")
          .failed(4, "RAM block pc.ram", "67108864 bytes in the image and 83886080");
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("inmigrate", monitor.status());
      }
    }
  }

  @Test
  void qemuItselfReadsNoStreamByTheRouteNative() throws Exception {
    save(QemuVersions.QEMU_10, false, "--format", "stream");
    try (QemuProcess qemu = waiting(QemuVersions.QEMU_10)) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "native")
          .failed(2, image, "mapped-ram is off", "memory, multifd or stream");
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "memory", "--channels", "2")
          .failed(2, "route memory", "by one channel, and 2 are wanted", "multifd");
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "memory").done();
      qemu.awaitVerifiedRounds(2);
    }
  }
}
