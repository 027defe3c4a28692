/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import org.stillframe.spi.Target;

/**
 * How direct transfers have to lie. All are powers of two, in bytes.
 *
 * <p>Writes of sectors would do for the kernel, but the file system clears what follows the end of
 * a file in its last block through the page cache, when another write extends the file: such a
 * block must not be written directly in part meanwhile.
 *
 * @param memory alignment of buffers
 * @param sector alignment of offsets and lengths, as far as the kernel asks for it
 * @param granule alignment of offsets and lengths of direct writes: what is less than one of these
 *     goes through the page cache, and no unit of the page cache holds bytes of both kinds
 */
record Geometry(int memory, int sector, int granule) {
  /** The largest block that a file system of Linux can have; what is larger is a mere wish. */
  private static final int MAX_BLOCK = 1 << 16;

  static Geometry of(Target target, int pageSize) {
    // The page cache of a file system whose blocks are larger than pages holds whole blocks.
    int block =
        isPowerOfTwo(target.blockSize()) && target.blockSize() <= MAX_BLOCK
            ? target.blockSize()
            : pageSize;
    int granule = Math.max(pageSize, block);
    int memory = target.directMemoryAlignment();
    int sector = target.directOffsetAlignment();
    return new Geometry(
        isPowerOfTwo(memory) ? memory : pageSize,
        isPowerOfTwo(sector) ? sector : granule,
        isPowerOfTwo(sector) ? Math.max(granule, sector) : granule);
  }

  private static boolean isPowerOfTwo(int value) {
    return value > 0 && Integer.bitCount(value) == 1;
  }
}
