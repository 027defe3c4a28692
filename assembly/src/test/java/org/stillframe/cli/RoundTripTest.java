/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Saves a guest, restores it into another QEMU, and lets the guest itself say how that went. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class RoundTripTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "QEMU_10, q35, VERIFY, mapped",
    "QEMU_10, pc, REWRITE, mapped",
    "QEMU_7, q35, REWRITE, mapped",
    "QEMU_7, pc, VERIFY, mapped",
    "QEMU_10, q35, REWRITE, stream",
    "QEMU_7, pc, REWRITE, stream",
  })
  void guestThatRanRunsOn(QemuVersions version, String machine, Mode mode, String layout)
      throws IOException {
    Guests guests = new Guests(directory, mode);
    roundTrip(
        layout,
        guests.qemu(version, "source").machine(machine),
        guests.qemu(version, "restored").machine(machine));
  }

  @Test
  void fourProcessors() throws IOException {
    Guests guests = new Guests(directory, Mode.REWRITE);
    roundTrip(
        "mapped",
        guests.qemu(QemuVersions.QEMU_10, "source").cpus(4),
        guests.qemu(QemuVersions.QEMU_10, "restored").cpus(4));
  }

  @Test
  void memoryInMemfd() throws IOException {
    Guests guests = new Guests(directory, Mode.REWRITE);
    roundTrip(
        "mapped",
        guests.qemu(QemuVersions.QEMU_10, "source").memoryInMemfd(),
        guests.qemu(QemuVersions.QEMU_10, "restored").memoryInMemfd());
  }

  @ParameterizedTest
  @ValueSource(strings = {"mapped", "stream"})
  void manyDevicesOneOfThemAheadOfThePages(String layout) throws IOException {
    String[] devices = {
      "-m",
      "64M,maxmem=1G,slots=2",
      "-object",
      "memory-backend-ram,id=vm0,size=128M",
      "-device",
      "virtio-mem-pci,memdev=vm0,requested-size=64M",
      "-device",
      "VGA",
      "-device",
      "virtio-net-pci",
      "-device",
      "virtio-balloon-pci",
      "-device",
      "qemu-xhci",
    };
    Guests guests = new Guests(directory, Mode.REWRITE);
    roundTrip(
        layout,
        guests.qemu(QemuVersions.QEMU_10, "source").args(devices),
        guests.qemu(QemuVersions.QEMU_10, "restored").args(devices));
    CommandRun.of("inspect", directory.resolve("vm.image").toString())
        .done()
        .printed("virtio-mem-device-early", "vga.vram", "/virtio-balloon");
  }

  @ParameterizedTest
  @CsvSource({
    "QEMU_7, QEMU_10, mapped",
    "QEMU_10, QEMU_7, mapped",
    "QEMU_7, QEMU_10, stream",
    "QEMU_10, QEMU_7, stream",
  })
  void otherVersionOfQemu(QemuVersions from, QemuVersions to, String layout) throws IOException {
    Guests guests = new Guests(directory, Mode.REWRITE);
    roundTrip(
        layout,
        guests.qemu(from, "source").machine("pc-q35-7.2"),
        guests.qemu(to, "restored").machine("pc-q35-7.2"));
  }

  private void roundTrip(String layout, QemuBuilder source, QemuBuilder destination)
      throws IOException {
    Path image = directory.resolve("vm.image");
    try (QemuProcess qemu = Guests.verified(source)) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", layout, "--then", "quit").done();
      assertEquals(0, qemu.awaitExit(Duration.ofSeconds(30)));
    }
    try (QemuProcess qemu = destination.incoming("defer").start()) {
      String status =
          CommandRun.restore(qemu.qmpSocket(), image, "--json")
              .done()
              .json()
              .get("guestStatus")
              .getAsString();
      assertEquals("running", status);
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "QEMU_10, q35, '', paused",
    "QEMU_10, pc, --running, running",
    "QEMU_7, pc, '', paused",
    "QEMU_7, q35, --running, running",
  })
  void guestThatWasPaused(QemuVersions version, String machine, String option, String expected)
      throws IOException {
    Guests guests = new Guests(directory, Mode.REWRITE);
    Path image = directory.resolve("vm.image");
    try (QemuProcess qemu = Guests.verified(guests.qemu(version, "source").machine(machine))) {
      pause(qemu);
      CommandRun.save(qemu.qmpSocket(), image).done();
    }
    restoreAndLook(guests.qemu(version, "restored").machine(machine), option, expected);
  }

  @ParameterizedTest
  @CsvSource({"QEMU_10", "QEMU_7"})
  void guestThatRanIsKeptPaused(QemuVersions version) throws IOException {
    Guests guests = new Guests(directory, Mode.VERIFY);
    Path image = directory.resolve("vm.image");
    try (QemuProcess qemu = guests.running(version, "source")) {
      CommandRun.save(qemu.qmpSocket(), image).done();
    }
    restoreAndLook(guests.qemu(version, "restored"), "--paused", "paused");
  }

  private void restoreAndLook(QemuBuilder destination, String option, String expected)
      throws IOException {
    Path image = directory.resolve("vm.image");
    String[] options = option.isEmpty() ? new String[0] : new String[] {option};
    try (QemuProcess qemu = destination.incoming("defer").start()) {
      CommandRun.restore(qemu.qmpSocket(), image, options).done();
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals(expected, monitor.status());
        if (expected.equals("paused")) {
          assertEquals(0, qemu.verifiedRounds());
          monitor.execute("{'execute':'cont'}");
        }
      }
      qemu.awaitVerifiedRounds(2);
    }
  }

  private static void pause(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      monitor.execute("{'execute':'stop'}");
    }
  }
}
