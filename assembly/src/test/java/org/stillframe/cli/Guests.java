/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.stillframe.testguest.BootSector;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Small guests that verify their memory, all with the same disk. */
final class Guests {
  private static final int MEMORY_MIB = 64;
  private static final int FILLED_MIB = 40;
  private static final long PATIENCE = Duration.ofSeconds(60).toNanos();

  private final Path directory;

  Guests(Path directory, Mode mode) throws IOException {
    this.directory = directory;
    BootSector.builder()
        .fill("q35", MEMORY_MIB, FILLED_MIB)
        .mode(mode)
        .build()
        .writeTo(directory.resolve("disk"));
  }

  /** Describes a QEMU whose files have this name. */
  QemuBuilder qemu(QemuVersions version, String name) {
    return QemuProcess.builder(version.binary(), directory.resolve(name))
        .memoryMib(MEMORY_MIB)
        .disk(directory.resolve("disk"));
  }

  /** Starts a guest and waits until it has verified its memory once. */
  static QemuProcess verified(QemuBuilder qemu) throws IOException {
    QemuProcess started = qemu.start();
    try {
      started.awaitVerifiedRounds(1);
      return started;
    } catch (AssertionError | RuntimeException e) {
      started.close();
      throw e;
    }
  }

  QemuProcess running(QemuVersions version, String name) throws IOException {
    return verified(qemu(version, name));
  }

  QemuProcess waiting(QemuVersions version, String name) throws IOException {
    return qemu(version, name).incoming("defer").start();
  }

  /** Waits until something is so. */
  static void await(String what, BooleanSupplier reached) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE;
    while (!reached.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("in vain waited until " + what);
      }
      Thread.sleep(10);
    }
  }

  /** Waits until an image is being written at this path. */
  static void awaitBegun(Path image) throws InterruptedException {
    Path partial = partial(image);
    await(partial + " grows", () -> partial.toFile().length() > 1 << 20);
  }

  static Path partial(Path image) {
    return image.resolveSibling(image.getFileName() + ".partial");
  }

  /** Waits until somebody listens on a UNIX socket. */
  static void awaitListening(Path socket) throws InterruptedException {
    // Connecting would be taken for the sender; the flag says that listen(2) was called.
    await(
        "somebody listens at " + socket,
        () -> {
          try {
            return Files.readString(Path.of("/proc/net/unix"))
                .lines()
                .anyMatch(line -> line.endsWith(" " + socket) && line.contains(" 00010000 "));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
