/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.nio.ByteBuffer;

/**
 * What statx(2) says of a file.
 *
 * @param device of the file system it lies on, major number first
 * @param allocated bytes of storage it takes
 * @param directMemoryAlignment of direct I/O in bytes; -1 if not told, as before Linux 6.1
 * @param directOffsetAlignment likewise
 */
record FileStatus(
    int mode,
    int user,
    int links,
    long device,
    long inode,
    long size,
    long allocated,
    int blockSize,
    int directMemoryAlignment,
    int directOffsetAlignment) {
  /** Bytes of struct statx. */
  static final int LENGTH = 256;

  /** STATX_DIOALIGN. */
  private static final int ALIGNMENT = 0x2000;

  /** STATX_BASIC_STATS, and the above. */
  static final int WANTED = 0x7ff | ALIGNMENT;

  /** The unit of stx_blocks, whatever the file system's blocks are. */
  private static final long BLOCK = 512;

  /** Reads struct statx, whose fields lie at the same places on every architecture. */
  static FileStatus of(ByteBuffer statx) {
    boolean aligned = (statx.getInt(0) & ALIGNMENT) != 0;
    return new FileStatus(
        statx.getShort(28) & 0xffff,
        statx.getInt(20),
        statx.getInt(16),
        (long) statx.getInt(136) << 32 | statx.getInt(140) & 0xffff_ffffL,
        statx.getLong(32),
        statx.getLong(40),
        statx.getLong(48) * BLOCK,
        statx.getInt(4),
        aligned ? statx.getInt(152) : -1,
        aligned ? statx.getInt(156) : -1);
  }

  boolean isSameFile(FileStatus other) {
    return device == other.device && inode == other.inode;
  }
}
