/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Images that are none, are not whole, or are of another machine. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ImageFailureTest extends GuestFixture {
  /** The header of libvirt's save images. */
  private static final int LIBVIRT_HEADER = 92;

  @ParameterizedTest
  @CsvSource({
    "'', 1, an empty file",
    "#!/bin/sh, 1, no image of a known kind",
    "LibvirtQemudSave, 2, a libvirt save image",
    "LibvirtQemudPart, 1, never finished",
  })
  void filesThatAreNoStream(String beginning, int status, String why) throws IOException {
    byte[] bytes = beginning.getBytes(StandardCharsets.US_ASCII);
    Files.write(image, bytes.length == 0 ? bytes : Arrays.copyOf(bytes, LIBVIRT_HEADER));
    CommandRun.of("inspect", image, "--progress", "none").failed(status, image, why);
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image).failed(status, image, why);
    }
  }

  @Test
  void noImage() {
    CommandRun.of("inspect", image).failed(3, image, "No such file or directory");
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void cutImage(QemuVersions version) throws IOException {
    save(version, "q35");
    byte[] whole = Files.readAllBytes(image);
    for (int length : new int[] {30, whole.length / 2, whole.length - 1}) {
      Files.write(image, Arrays.copyOf(whole, length));
      CommandRun.of("inspect", image, "--progress", "none").failed(1, image, length);
      try (QemuProcess qemu = guests.waiting(version, "restored-" + length)) {
        CommandRun.restore(qemu.qmpSocket(), image).failed(1, image, length);
        assertEquals(0, qemu.verifiedRounds(), "nothing runs of half a guest");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void otherMachine(QemuVersions version) throws IOException {
    save(version, "q35");
    try (QemuProcess qemu =
        guests.qemu(version, "restored").machine("pc").incoming("defer").start()) {
      String line =
          CommandRun.restore(qemu.qmpSocket(), image)
              .failed(4, qemu.qmpSocket(), "options the guest was saved with");
      // QEMU says more on its own standard error; the older one ends.
      String words =
          version == QemuVersions.QEMU_10
              ? "load of migration failed: Invalid argument"
              : "QEMU has ended while it loaded";
      assertTrue(line.contains(words), line);
      assertTrue(line.contains("the image is of machine pc-q35-"), line);
      assertTrue(line.contains("and this is pc-i440fx-"), line);
      assertFalse(line.contains("also:"), line);
      assertTrue(qemu.stderrText().contains("Machine type received is"), qemu.stderrText());
      assertFalse(qemu.serialText().contains("ok"));
    }
  }

  private void save(QemuVersions version, String machine) throws IOException {
    try (QemuProcess qemu = Guests.verified(guests.qemu(version, "source").machine(machine))) {
      CommandRun.save(qemu.qmpSocket(), image).done();
    }
  }
}
