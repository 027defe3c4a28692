/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Huge pages of 2 MiB that the host sets aside while a test runs, and a file system of them. Needs
 * root, and memory that is free in such pieces.
 */
final class HugePages implements AutoCloseable {
  private static final Path POOL = Path.of("/sys/kernel/mm/hugepages/hugepages-2048kB");
  private static final Path RESERVED = POOL.resolve("nr_hugepages");

  private final Path mountPoint;
  private final long added;

  /**
   * Sets pages aside, beside those that others may have set aside.
   *
   * @param mountPoint an empty directory
   * @throws IllegalStateException if the host does not have them; nothing is changed then
   */
  HugePages(int pages, Path mountPoint) throws IOException, InterruptedException {
    this.mountPoint = mountPoint;
    if (!Files.isWritable(RESERVED)) {
      throw new IllegalStateException(
          "this test reserves huge pages, which needs root and a kernel with "
              + RESERVED
              + " that can be written to");
    }
    long before = reserved();
    reserve(before + pages);
    added = reserved() - before;
    try {
      if (added < pages) {
        throw new IllegalStateException(
            ("this test needs %d huge pages of 2 MiB, and the host gave %d: free memory, or"
                    + " compact it with 'echo 1 > /proc/sys/vm/compact_memory'")
                .formatted(pages, added));
      }
      HostCommand.run(
          "mount", "-t", "hugetlbfs", "-o", "pagesize=2M", "none", mountPoint.toString());
    } catch (IllegalStateException | IOException | InterruptedException e) {
      giveBack();
      throw e;
    }
  }

  private static long reserved() throws IOException {
    return Long.parseLong(Files.readString(RESERVED).strip());
  }

  private static void reserve(long pages) throws IOException {
    Files.writeString(RESERVED, Long.toString(pages));
  }

  /** Not to what it was before: somebody else may have changed it meanwhile. */
  private void giveBack() throws IOException {
    reserve(Math.max(0, reserved() - added));
  }

  /** Where files of huge pages can be made. */
  Path mountPoint() {
    return mountPoint;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    try {
      HostCommand.run("umount", mountPoint.toString());
    } finally {
      giveBack();
    }
  }
}
