/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import org.stillframe.spi.Target;

/**
 * What O_DIRECT asks of a target.
 *
 * @param memory addresses must be multiples of this power of two
 * @param granule offsets and lengths are kept to multiples of this power of two: never less than a
 *     page or a block of the file system, which are what the page cache reads and writes as a whole
 */
record DirectAlignment(int memory, int granule) {
  /** A larger st_blksize is advice for the length of transfers, and not a block. */
  private static final int LARGEST_BLOCK = 1 << 16;

  static DirectAlignment of(Target target, int pageSize) {
    int memory = target.directMemoryAlignment();
    int granule = Math.max(pageSize, target.directOffsetAlignment());
    int block = target.blockSize();
    if (block <= LARGEST_BLOCK && Integer.bitCount(block) == 1) {
      granule = Math.max(granule, block);
    }
    return new DirectAlignment(memory < 0 ? pageSize : memory, granule);
  }

  boolean isMemory(long address) {
    return (address & (memory - 1)) == 0;
  }

  /** How far a position lies beyond the last boundary. */
  int beyond(long position) {
    return (int) (position & (granule - 1));
  }

  int down(int length) {
    return length & -granule;
  }

  long up(long length) {
    return (length + granule - 1) & -(long) granule;
  }
}
