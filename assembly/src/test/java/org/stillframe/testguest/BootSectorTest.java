/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.testguest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Proves that the guest is a witness to be trusted, with the means of QEMU alone. */
@Tag("qemu")
class BootSectorTest {
  private static final int MEMORY_MIB = 64;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void goesOnWhereItWasSaved(QemuVersions version) throws IOException {
    Path state = save(version);
    try (QemuProcess restored = restore(version, state)) {
      restored.awaitVerifiedRounds(2);
      assertFalse(restored.serialText().contains("filled"), "has not started anew");
    }
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void findsOneWrongBit(QemuVersions version) throws IOException {
    Path state = save(version);
    flipOneBitInTheMiddle(state);
    try (QemuProcess restored = restore(version, state)) {
      AssertionError error =
          assertThrows(AssertionError.class, () -> restored.awaitVerifiedRounds(2));
      assertTrue(error.getMessage().contains("BAD 00000000"), error.getMessage());
    }
  }

  @Test
  void refusesToFillMoreThanThereIs() {
    BootSector.Builder builder = BootSector.builder();
    IllegalArgumentException error =
        assertThrows(IllegalArgumentException.class, () -> builder.fill("q35", 64, 60));
    assertEquals("cannot fill 60 MiB of 64 MiB", error.getMessage());
  }

  private QemuBuilder qemu(QemuVersions version, String name) {
    return QemuProcess.builder(version.binary(), directory.resolve(name))
        .memoryMib(MEMORY_MIB)
        .disk(directory.resolve("disk"));
  }

  // The guest is stopped while it is saved, so that each page is in the stream once only.
  private Path save(QemuVersions version) throws IOException {
    Path state = directory.resolve("state");
    BootSector.builder()
        .fill("q35", MEMORY_MIB, MEMORY_MIB - 8)
        .mode(BootSector.Mode.REWRITE)
        .build()
        .writeTo(directory.resolve("disk"));
    try (QemuProcess source = qemu(version, "source").start();
        Monitor monitor = new Monitor(source.qmpSocket())) {
      source.awaitVerifiedRounds(1);
      monitor.execute("{'execute':'stop'}");
      monitor.migrate("exec:cat > " + state);
      monitor.awaitMigration("completed");
    }
    return state;
  }

  private QemuProcess restore(QemuVersions version, Path state) throws IOException {
    QemuProcess restored = qemu(version, "restored").incoming("exec:cat " + state).start();
    try (Monitor monitor = new Monitor(restored.qmpSocket())) {
      monitor.awaitStatus("paused");
      monitor.execute("{'execute':'cont'}");
      return restored;
    } catch (AssertionError | IOException e) {
      restored.close();
      throw e;
    }
  }

  private static void flipOneBitInTheMiddle(Path state) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(state.toFile(), "rw")) {
      long middle = file.length() / 2;
      file.seek(middle);
      int value = file.read();
      file.seek(middle);
      file.write(value ^ 1);
    }
  }
}
