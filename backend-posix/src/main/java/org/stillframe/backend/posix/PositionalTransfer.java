/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.io.IOException;
import java.nio.ByteBuffer;

/** pread(2) and pwrite(2). */
final class PositionalTransfer implements Transfer {
  /** SYNC_FILE_RANGE_WRITE of sync_file_range(2): starts write-back and waits for none of it. */
  private static final int START_WRITE_BACK = 2;

  /**
   * How much is left dirty before its write-back is started. So the storage works while more
   * arrives, and the fsync at the end finds little to do.
   */
  private static final long WRITE_BEHIND = 8L << 20;

  private final PosixNative natives;
  private final int fd;
  private final boolean writeBehind;
  private long dirtyStart;
  private long dirtyEnd;

  PositionalTransfer(PosixNative natives, int fd, boolean writeBehind) {
    this.natives = natives;
    this.fd = fd;
    this.writeBehind = writeBehind;
  }

  @Override
  public void read(ByteBuffer buffer, long offset) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      long count = natives.posix().pread(fd, buffer, (long) buffer.remaining(), at);
      if (count == 0) {
        return;
      }
      at += moved("pread", buffer, count);
    }
  }

  @Override
  public void write(ByteBuffer buffer, long offset) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      long count = natives.posix().pwrite(fd, buffer, (long) buffer.remaining(), at);
      at += moved("pwrite", buffer, count);
    }
    if (writeBehind) {
      startWriteBack(offset, at);
    }
  }

  private int moved(String call, ByteBuffer buffer, long count) throws IOException {
    if (count < 0) {
      int errno = natives.errno();
      if (PosixNative.isTransient(errno)) {
        return 0;
      }
      throw PosixNative.failure(call, errno);
    }
    buffer.position(buffer.position() + (int) count);
    return (int) count;
  }

  private void startWriteBack(long start, long end) {
    if (start != dirtyEnd) {
      dirtyStart = start;
    }
    dirtyEnd = end;
    if (dirtyEnd - dirtyStart >= WRITE_BEHIND) {
      // A hint: whatever it says, fsync has the last word.
      natives.libc().sync_file_range(fd, dirtyStart, dirtyEnd - dirtyStart, START_WRITE_BACK);
      dirtyStart = dirtyEnd;
    }
  }
}
