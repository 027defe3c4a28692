/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.spi.support.Transfer;

/** pread(2) and pwrite(2). */
final class PositionalTransfer implements Transfer {
  private final PosixNative natives;
  private final int fd;
  private final WriteBehind written;
  private final ReadBehind read;

  PositionalTransfer(PosixNative natives, int fd) {
    this.natives = natives;
    this.fd = fd;
    PageCache cache = new PageCache(natives, fd);
    written = new WriteBehind(natives, fd, cache);
    read = new ReadBehind(cache);
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
    read.hasRead(offset, at);
  }

  @Override
  public void write(ByteBuffer buffer, long offset) throws IOException {
    long at = offset;
    while (buffer.hasRemaining()) {
      long count = natives.posix().pwrite(fd, buffer, (long) buffer.remaining(), at);
      at += moved("pwrite", buffer, count);
    }
    written.wrote(offset, at);
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
}
