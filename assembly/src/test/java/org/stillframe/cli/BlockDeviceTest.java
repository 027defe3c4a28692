/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A loop device that is larger than the image and full of something else. It needs root. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class BlockDeviceTest {
  private static final int SIZE = 128 << 20;

  @TempDir Path directory;
  private Path device;

  @BeforeEach
  void attach() throws Exception {
    Path disk = directory.resolve("device");
    byte[] piece = new byte[1 << 20];
    Random random = new Random(5);
    try (OutputStream out = Files.newOutputStream(disk)) {
      for (int written = 0; written < SIZE; written += piece.length) {
        random.nextBytes(piece);
        out.write(piece);
      }
    }
    device = Path.of(HostCommand.run("losetup", "--find", "--show", disk.toString()));
  }

  @AfterEach
  void detach() throws Exception {
    if (device != null) {
      HostCommand.run("losetup", "--detach", device.toString());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"mapped", "stream"})
  void imageEndsBeforeTheDeviceDoes(String layout) throws Exception {
    Guests guests = new Guests(directory, Mode.REWRITE);
    long bytes;
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      CommandRun.save(qemu.qmpSocket(), device).failed(2, device, "holds", "--force");
      JsonObject report =
          CommandRun.save(qemu.qmpSocket(), device, "--force", "--json", "--format", layout)
              .done()
              .json();
      bytes = report.get("bytes").getAsLong();
      assertTrue(bytes < SIZE, "the device is larger");
    }
    JsonObject seen = CommandRun.of("inspect", device.toString(), "--json").done().json();
    assertEquals(bytes, seen.getAsJsonObject("contents").get("bytes").getAsLong());
    CommandRun.of("convert", device, device, "--force", "--progress", "none")
        .failed(2, device, "one and the same");
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), device).done();
      qemu.awaitVerifiedRounds(2);
    }
  }
}
