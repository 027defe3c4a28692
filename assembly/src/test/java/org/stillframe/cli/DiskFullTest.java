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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A file system that holds one image and not two. Mounting it needs root. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DiskFullTest {
  private static final long SIZE = 64 << 20;

  @TempDir Path directory;
  private SmallDisk disk;

  @BeforeEach
  void mount() throws Exception {
    disk = new SmallDisk(directory, SIZE);
  }

  @AfterEach
  void unmount() throws Exception {
    if (disk != null) {
      disk.close();
    }
  }

  @Test
  void olderImageStaysAndTheGuestRunsOn() throws IOException {
    Guests guests = new Guests(directory, Mode.REWRITE);
    Path image = disk.mountPoint().resolve("vm.image");
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        // So that each page is in the image once only: it fits, whatever the guest does.
        monitor.execute("{'execute':'stop'}");
      }
      CommandRun.save(qemu.qmpSocket(), image).done();
      Files.copy(image, directory.resolve("copy"));
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.execute("{'execute':'cont'}");
      }

      CommandRun.save(qemu.qmpSocket(), image, "--force")
          .failed(3, image, "No space left on device (ENOSPC)", "free some space");
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("running", monitor.status());
      }
      qemu.awaitVerifiedRounds(2);
      assertFalse(Files.exists(Guests.partial(image)));
      assertEquals(-1, Files.mismatch(image, directory.resolve("copy")), "as it was");
    }
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image, "--running").done();
      qemu.awaitVerifiedRounds(2);
    }
  }
}
