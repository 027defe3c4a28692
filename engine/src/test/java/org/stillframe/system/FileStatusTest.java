/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class FileStatusTest {
  private static final int BLOCK = 0x6000;
  private static final int CHARACTER = 0x2000;
  private static final int REGULAR = 0x8000;

  /** What stands where in struct statx: stx_mode, stx_ino, stx_rdev_major. */
  private static FileStatus status(int mode, long inode, int represents) {
    ByteBuffer statx = ByteBuffer.allocate(FileStatus.LENGTH).order(ByteOrder.nativeOrder());
    statx.putShort(28, (short) mode).putLong(32, inode).putInt(128, represents);
    return FileStatus.of(statx);
  }

  @Test
  void aFileIsKnownByItsInodeAndADeviceByItsNumber() {
    assertTrue(status(REGULAR, 1, 0).isSameFile(status(REGULAR, 1, 0)));
    assertFalse(status(REGULAR, 1, 0).isSameFile(status(REGULAR, 2, 0)));
    assertTrue(status(BLOCK, 1, 7).isSameFile(status(BLOCK, 2, 7)), "two nodes of one device");
    assertFalse(status(BLOCK, 1, 7).isSameFile(status(BLOCK, 2, 8)));
    assertFalse(status(BLOCK, 1, 7).isSameFile(status(CHARACTER, 2, 7)));
  }
}
