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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Targets that cannot be written to; after each the guest runs on and verifies its memory. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TargetFailureTest {
  @TempDir Path directory;
  private QemuProcess qemu;

  @BeforeEach
  void start() throws IOException {
    qemu = new Guests(directory, Mode.REWRITE).running(QemuVersions.QEMU_10, "source");
  }

  @AfterEach
  void guestRunsOn() throws IOException {
    try (QemuProcess guest = qemu) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("running", monitor.status());
      }
      guest.awaitVerifiedRounds(2);
    }
  }

  @Test
  void missingDirectory() {
    Path image = directory.resolve("none/vm.image");
    save(image).failed(3, image, "No such file or directory", "check that the directory exists");
  }

  @Test
  void directoryThatNobodyMayWriteTo() {
    // Not even root.
    save(Path.of("/sys/vm.image")).failed(3, "/sys/vm.image", "can be read and written to");
  }

  @Test
  void existingImage() throws IOException {
    Path image = Files.writeString(directory.resolve("vm.image"), "precious");
    save(image).failed(2, image, "there is a file of this name", "--force");
    assertEquals("precious", Files.readString(image));
    assertFalse(Files.exists(Guests.partial(image)));
    save(image, "--force", "--then", "resume").done();
    CommandRun.of("inspect", image).done();
  }

  @Test
  void directoryAsTarget() {
    save(directory).failed(2, directory, "it is a directory");
  }

  @Test
  void deviceThatIsNoStorage() {
    save(Path.of("/dev/null")).failed(2, "/dev/null", "it is a character device");
  }

  @Test
  void backendThatDoesNotExist() {
    Path image = directory.resolve("vm.image");
    save(image, "--backend", "nix").failed(2, "nix", "posix");
    assertFalse(Files.exists(Guests.partial(image)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "odirect", "uring"})
  void pageCacheThatCannotBeBypassed(String backend) {
    Path image = Path.of("/dev/shm/stillframe-test-" + ProcessHandle.current().pid());
    String[] options =
        backend.isEmpty()
            ? new String[] {"--bypass-cache"}
            : new String[] {"--bypass-cache", "--backend", backend};
    String message = save(image, options).failed(2, image, "tmpfs", "nothing to bypass");
    assertEquals(backend.isEmpty(), message.contains("posix says"), message);
    assertFalse(Files.exists(image));
    assertFalse(Files.exists(Guests.partial(image)));
  }

  @Test
  void deadlineThatPasses() {
    Path image = directory.resolve("vm.image");
    save(image, "--max-bandwidth", "1M", "--deadline", "2")
        .failed(4, image, "not done within 2.0 s");
    assertFalse(Files.exists(image));
    assertFalse(Files.exists(Guests.partial(image)));
  }

  private CommandRun save(Path image, String... options) {
    return CommandRun.save(qemu.qmpSocket(), image, options);
  }
}
