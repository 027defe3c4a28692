/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Images in descriptors that the command inherits from its parent. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class DescriptorTest {
  @TempDir Path directory;
  private Guests guests;
  private QemuProcess source;
  private Path image;

  @BeforeEach
  void start() throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
    source = guests.running(QemuVersions.QEMU_10, "source");
    image = directory.resolve("vm.image");
  }

  @AfterEach
  void stop() {
    source.close();
  }

  @Test
  void regularFile() throws Exception {
    save("fd:3 3<>" + image).done().printed("layout mapped");
    CommandRun.of("inspect", image).done();
    assertTold("$SF qemu-args fd:3 3<" + image);
    restore("fd:3 3<" + image);
  }

  @Test
  void pipe() throws Exception {
    // The report goes to standard error where standard output is the image.
    CommandRun run = save("fd:1 | cat > " + image).done();
    assertTrue(run.err().contains("saved fd:1"), run.err());
    assertTrue(run.err().contains("layout stream"), run.err());
    assertEquals("", run.out());
    CommandRun.of("inspect", image).done();
    // The head is enough, and who sends more is told that nobody listens.
    assertTold("(cat " + image + " || true) | $SF qemu-args fd:0");
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      String line = "cat " + image + " | $SF restore --qmp " + qemu.qmpSocket() + " fd:0";
      try (CommandProcess command = CommandProcess.shell(directory, line)) {
        command.await().done();
      }
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void fileThatHoldsSomething() throws Exception {
    Files.writeString(image, "precious");
    save("fd:3 3<>" + image).failed(2, "fd:3", "holds 8 bytes already", "--force");
    assertEquals("precious", Files.readString(image));
    requireUntouched();
    save("fd:3 --force 3<>" + image).done();
    CommandRun.of("inspect", image).done();
  }

  @ParameterizedTest
  @CsvSource({
    "fd:99, fd:99, Bad file descriptor",
    "fd:3 3</, fd:3, it is a directory",
    "fd:3 3<>/dev/ptmx, fd:3, it is a character device",
    "fd:3 3<>/dev/null, fd:3, it is a character device",
    "fd:3 3</etc/passwd, fd:3, open for reading alone",
  })
  void unfit(String target, String name, String why) throws Exception {
    save(target).failed(2, name, why);
    requireUntouched();
  }

  @Test
  void readerThatLeaves() throws Exception {
    CommandRun run = save("fd:1 | head -c 1000000 > " + image);
    run.failed(3, "fd:1", "Broken pipe");
    requireUntouched();
  }

  private CommandRun save(String target) throws Exception {
    String line = "$SF save --progress none --qmp " + source.qmpSocket() + " " + target;
    try (CommandProcess command = CommandProcess.shell(directory, line)) {
      return command.await();
    }
  }

  /** What QEMU is to be started with follows from what is in the image, wherever it comes from. */
  private void assertTold(String line) throws Exception {
    try (CommandProcess command = CommandProcess.shell(directory, line)) {
      CommandRun run = command.await().done();
      assertEquals("-machine pc-q35-10.0 -m 64M -incoming defer\n", run.out());
      assertEquals("", run.err());
    }
  }

  private void restore(String target) throws Exception {
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      String line = "$SF restore --qmp " + qemu.qmpSocket() + " " + target;
      try (CommandProcess command = CommandProcess.shell(directory, line)) {
        command.await().done();
      }
      qemu.awaitVerifiedRounds(2);
    }
  }

  private void requireUntouched() throws IOException {
    try (Monitor monitor = new Monitor(source.qmpSocket())) {
      assertEquals("running", monitor.status());
    }
    source.awaitVerifiedRounds(2);
  }
}
