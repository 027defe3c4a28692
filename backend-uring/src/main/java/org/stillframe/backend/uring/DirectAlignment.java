/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import org.stillframe.spi.Target;

/**
 * What O_DIRECT asks of a target, and what the page cache makes of it. All are powers of two.
 *
 * <p>Direct writes of sectors would do for the kernel, but not for the block where a file ends:
 * whoever extends the file has ext4 clear the rest of it through the page cache, and fsync fails
 * with EIO if a direct write to the same block is under way. A direct write to the whole block
 * extends the file too, and for such writes ext4 has others wait.
 *
 * @param memory addresses must be multiples of it
 * @param sector offsets and lengths must be multiples of it; reads are cut at these
 * @param told whether the kernel told it; otherwise it transfers less, perhaps, than a sector
 * @param granule what writes are cut at: a multiple of a sector, a page and a block of the file
 *     system, which are what the page cache reads and writes as a whole
 */
record DirectAlignment(int memory, int sector, boolean told, int granule) {
  /** A larger st_blksize is advice for the length of transfers, and not a block. */
  private static final int LARGEST_BLOCK = 1 << 16;

  static DirectAlignment of(Target target, int pageSize) {
    int memory = target.directMemoryAlignment();
    int sector = target.directOffsetAlignment();
    int block = target.blockSize();
    int granule = Math.max(pageSize, sector);
    if (block <= LARGEST_BLOCK && Integer.bitCount(block) == 1) {
      granule = Math.max(granule, block);
    }
    return new DirectAlignment(
        memory < 0 ? pageSize : memory, sector < 0 ? granule : sector, sector > 0, granule);
  }

  /** What a read or a write is cut at. */
  int cut(boolean write) {
    return write ? granule : sector;
  }

  boolean isMemory(long address) {
    return (address & (memory - 1)) == 0;
  }
}
