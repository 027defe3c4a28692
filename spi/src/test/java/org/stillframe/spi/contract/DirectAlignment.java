/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.stillframe.spi.Target;

/**
 * What direct I/O needs on a block device, or in a file of a file system on one. The kernel derives
 * the answer of statx(2) from the same two figures, which the JDK can read under /sys.
 */
final class DirectAlignment {
  private DirectAlignment() {}

  /** Adds it for a file or a block device; nothing where the file system is on no such device. */
  static void add(Target.Builder target, Path path, boolean isDevice) throws IOException {
    long device =
        ((Number) Files.getAttribute(path, isDevice ? "unix:rdev" : "unix:dev")).longValue();
    // As makedev(3) puts them together.
    long major = device >> 8 & 0xfff;
    long minor = device & 0xff | device >> 12 & 0xfff00;
    Path disk = Path.of("/sys/dev/block", major + ":" + minor);
    try {
      disk = disk.toRealPath();
    } catch (NoSuchFileException e) {
      return;
    }
    Path queue =
        (Files.exists(disk.resolve("partition")) ? disk.getParent() : disk).resolve("queue");
    // The kernel gives a mask of the memory's address.
    int memory = 1 + figure(queue.resolve("dma_alignment"));
    target.directAlignment(memory, figure(queue.resolve("logical_block_size")));
  }

  private static int figure(Path file) throws IOException {
    return Integer.parseInt(Files.readString(file).strip());
  }
}
