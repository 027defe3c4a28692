/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.nio.ByteBuffer;

/**
 * What statx(2) says of a file.
 *
 * @param represents the device that it is the node of, major number first; 0 if it is none
 * @param device of the file system it lies on, major number first
 * @param allocated bytes of storage it takes
 * @param directMemoryAlignment of direct I/O in bytes; -1 if not told, as before Linux 6.1
 * @param directOffsetAlignment likewise
 */
record FileStatus(
    int mode,
    int user,
    int links,
    long represents,
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
        number(statx, 128),
        number(statx, 136),
        statx.getLong(32),
        statx.getLong(40),
        statx.getLong(48) * BLOCK,
        statx.getInt(4),
        aligned ? statx.getInt(152) : -1,
        aligned ? statx.getInt(156) : -1);
  }

  private static long number(ByteBuffer statx, int at) {
    return (long) statx.getInt(at) << 32 | statx.getInt(at + Integer.BYTES) & 0xffff_ffffL;
  }

  /** Whether both are one file, or nodes of one device: a device may have several. */
  boolean isSameFile(FileStatus other) {
    boolean nodes = represents != 0 && represents == other.represents;
    return device == other.device && inode == other.inode || nodes && kind() == other.kind();
  }

  private int kind() {
    return mode & 0xf000;
  }
}
