/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import org.stillframe.error.StillframeException;

/**
 * The header that follows a block in the list of a mapped file (QEMU's capability {@code
 * mapped-ram}): 28 bytes, big-endian, and says where the block's bitmap and pages stand. Immutable.
 *
 * @param pageSize the target page size in bytes: one bit of the bitmap, one slot of the page area
 * @param bitmapOffset the absolute offset in the file of the bitmap: little-endian 64-bit words,
 *     bit i of word w set where page 64w+i has its bytes in the page area
 * @param pagesOffset the absolute offset in the file of the page area; page i stands at {@code
 *     pagesOffset + i * pageSize}
 */
public record MappedHeader(long pageSize, long bitmapOffset, long pagesOffset) {
  /** Bytes that a header takes. */
  static final int LENGTH = 28;

  private static final int VERSION = 1;

  /** Reads a header of block {@code name}; what it says is still to be checked. */
  static MappedHeader read(StreamInput input, String name) throws StillframeException {
    long at = input.position();
    long version = input.u32();
    if (version > VERSION) {
      throw Faults.unsupported(
          at,
          "RAM block " + name,
          "its mapped-ram header has version " + version + ", not " + VERSION,
          "save with a QEMU that writes version " + VERSION);
    }
    if (version != VERSION) {
      throw Faults.damaged(at, "RAM block " + name, "its mapped-ram header has version " + version);
    }
    return new MappedHeader(input.u64(), input.u64(), input.u64());
  }

  void write(ByteBuffer out) {
    out.putInt(VERSION).putLong(pageSize).putLong(bitmapOffset).putLong(pagesOffset);
  }
}
