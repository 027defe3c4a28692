/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.stillframe.spi.support.Transfer;

/** Reads and writes of a pipe or a socket, in order. A waiting thread can be interrupted. */
final class SequentialTransfer implements Transfer {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;

  /** In place of a descriptor where there is none. */
  static final int NONE = -1;

  /** POLLOUT promises room for this much in a pipe (PIPE_BUF); more could block for ever. */
  private static final int ATOMIC = 4096;

  /** How soon an interrupted thread notices, in milliseconds. */
  private static final int SLICE = 100;

  private final PosixNative natives;
  private final int fd;
  private final boolean socket;
  private final int own;
  private final int piece;
  private final ByteBuffer poll = PosixNative.buffer(8);
  private long position;

  private SequentialTransfer(PosixNative natives, int fd, boolean socket, int own) {
    this.natives = natives;
    this.fd = own == NONE ? fd : own;
    this.socket = socket;
    this.own = own;
    piece = own == NONE ? ATOMIC : Integer.MAX_VALUE;
  }

  static SequentialTransfer ofSocket(PosixNative natives, int fd) {
    return new SequentialTransfer(natives, fd, true, NONE);
  }

  /**
   * Transfers of a pipe.
   *
   * @param own the pipe's end opened again without blocking, which is closed with this; or {@link
   *     #NONE}, and then writes go in small pieces, for one that blocked could not be interrupted
   */
  static SequentialTransfer ofPipe(PosixNative natives, int fd, int own) {
    return new SequentialTransfer(natives, fd, false, own);
  }

  @Override
  public void read(ByteBuffer buffer, long offset) throws IOException {
    requirePosition(offset);
    while (buffer.hasRemaining()) {
      await(PosixNative.POLLIN);
      long count =
          socket
              ? natives.libc().recv(fd, buffer, buffer.remaining(), MSG_DONTWAIT)
              : natives.libc().read(fd, buffer, buffer.remaining());
      if (count == 0) {
        return;
      }
      moved(buffer, count, socket ? "recv" : "read");
    }
  }

  @Override
  public void write(ByteBuffer buffer, long offset) throws IOException {
    requirePosition(offset);
    while (buffer.hasRemaining()) {
      await(PosixNative.POLLOUT);
      long count =
          socket
              ? natives.libc().send(fd, buffer, buffer.remaining(), MSG_DONTWAIT | MSG_NOSIGNAL)
              : natives.libc().write(fd, buffer, Math.min(piece, buffer.remaining()));
      moved(buffer, count, socket ? "send" : "write");
    }
  }

  private void requirePosition(long offset) throws IOException {
    if (offset != position) {
      throw new IOException(
          "offset " + offset + " asked of a stream that is at " + position + " and cannot seek");
    }
  }

  private void moved(ByteBuffer buffer, long count, String call) throws IOException {
    if (count < 0) {
      int errno = natives.errno();
      if (!PosixNative.isTransient(errno)) {
        throw PosixNative.failure(call, errno);
      }
      return;
    }
    buffer.position(buffer.position() + (int) count);
    position += count;
  }

  @Override
  public void close() {
    if (own != NONE) {
      natives.posix().close(own);
    }
  }

  private void await(int events) throws IOException {
    int ready;
    do {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("interrupted");
      }
      poll.putInt(0, fd).putShort(4, (short) events);
      ready = natives.libc().poll(poll, 1, SLICE);
      if (ready < 0 && !PosixNative.isTransient(natives.errno())) {
        throw PosixNative.failure("poll", natives.errno());
      }
    } while (ready <= 0);
  }
}
