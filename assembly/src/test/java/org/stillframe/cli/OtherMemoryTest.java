/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** An image is refused by a QEMU with other RAM, which can take its own afterwards. */
@Tag("qemu")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class OtherMemoryTest {
  @TempDir Path directory;
  private Guests guests;

  @BeforeEach
  void describe() throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
  }

  static Stream<Arguments> ways() {
    return Stream.of(QemuVersions.values())
        .flatMap(
            version ->
                Stream.of("stream", "multifd", "memory", "native")
                    .flatMap(
                        route ->
                            Stream.of("stream", "mapped")
                                .filter(format -> serves(version, route, format))
                                .map(format -> Arguments.of(version, route, format))));
  }

  private static boolean serves(QemuVersions version, String route, String format) {
    return switch (route) {
      case "native" -> version == QemuVersions.QEMU_10 && format.equals("mapped");
      case "memory" -> version == QemuVersions.QEMU_10;
      default -> true;
    };
  }

  private QemuBuilder large(QemuVersions version, String name) {
    return guests.qemu(version, name).memoryMib(128);
  }

  private Path saved(QemuBuilder guest, String name, String format) throws IOException {
    Path image = directory.resolve(name);
    try (QemuProcess qemu = Guests.verified(guest)) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", format).done();
    }
    return image;
  }

  private static String status(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      return monitor.status();
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void ofAnotherSize(QemuVersions version, String route, String format) throws Exception {
    Path other = saved(guests.qemu(version, "small"), "small.image", format);
    Path own = saved(large(version, "large"), "large.image", format);
    try (QemuProcess qemu = large(version, "restored").incoming("defer").start()) {
      CommandRun.restore(qemu.qmpSocket(), other, "--route", route, "--paused")
          .failed(
              4,
              qemu.qmpSocket(),
              "RAM block pc.ram: it has 67108864 bytes in the image and 134217728 in this QEMU",
              "start QEMU with the options the guest was saved with");
      assertEquals("inmigrate", status(qemu));
      CommandRun.restore(qemu.qmpSocket(), own, "--route", route).done();
      assertEquals("running", status(qemu), "of what was refused, nothing is left");
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
    try (QemuProcess qemu = guests.waiting(version, "smaller")) {
      CommandRun.restore(qemu.qmpSocket(), own, "--route", route)
          .failed(4, "134217728 bytes in the image and 67108864 in this QEMU");
      assertEquals("inmigrate", status(qemu));
    }
  }

  @Test
  void ofAnotherName() throws Exception {
    Path image = saved(guests.qemu(QemuVersions.QEMU_10, "source"), "vm.image", "mapped");
    QemuBuilder named =
        guests
            .qemu(QemuVersions.QEMU_10, "restored")
            .args("-object", "memory-backend-ram,id=ram0,size=64M")
            .args("-machine", "memory-backend=ram0");
    try (QemuProcess qemu = named.incoming("defer").start()) {
      for (String route : List.of("stream", "multifd", "memory", "native")) {
        CommandRun.restore(qemu.qmpSocket(), image, "--route", route)
            .failed(4, "RAM block pc.ram: the image has it, and this QEMU has not");
      }
      assertEquals("inmigrate", status(qemu));
    }
  }

  /** QEMU has no objection to a device that the image does not know of. The route memory has. */
  @ParameterizedTest
  @MethodSource("ways")
  void withMoreOfIt(QemuVersions version, String route, String format) throws Exception {
    Path image = saved(guests.qemu(version, "source"), "vm.image", format);
    QemuBuilder more = guests.qemu(version, "restored").args("-device", "bochs-display,addr=0x1c");
    try (QemuProcess qemu = more.incoming("defer").start()) {
      CommandRun run = CommandRun.restore(qemu.qmpSocket(), image, "--route", route);
      if (route.equals("memory")) {
        run.failed(4, "bochs-display", "this QEMU has it, and the image has not");
        assertEquals("inmigrate", status(qemu));
      } else {
        run.done();
        qemu.awaitVerifiedRounds(2);
      }
    }
  }
}
