/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;

/**
 * A stream of bytes to or from another process: a connected socket or a pipe. A thread that waits
 * in it can be interrupted. One reader and one writer at a time; {@link #close} from any thread
 * once those have ended.
 */
public final class Connection implements Closeable {
  private static final int MSG_DONTWAIT = 0x40;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int SHUT_WR = 1;
  private static final int SHUT_RDWR = 2;

  /** POLLOUT promises room for this much in a pipe (PIPE_BUF); more could block for ever. */
  private static final int ATOMIC = 4096;

  /** How soon an interrupted thread notices, in milliseconds. */
  private static final int SLICE = 100;

  private final SystemCalls system;
  private final Descriptor descriptor;
  private final boolean socket;
  private final ByteBuffer readPoll = SystemCalls.buffer(SystemCalls.POLL_LENGTH);
  private final ByteBuffer writePoll = SystemCalls.buffer(SystemCalls.POLL_LENGTH);

  /** Whether the first write has tried to open the pipe's end again. */
  private boolean reopened;

  /** The pipe's end opened again without blocking; null if there is none. */
  private volatile Descriptor nonBlocking;

  /** Takes over a descriptor, which {@link #close} closes. */
  public Connection(SystemCalls system, Descriptor descriptor, TargetKind kind) {
    this.system = system;
    this.descriptor = descriptor;
    this.socket = kind == TargetKind.SOCKET;
  }

  /** The descriptor underneath. */
  public Descriptor descriptor() {
    return descriptor;
  }

  /**
   * Reads what is there, waiting until something is.
   *
   * @param buffer direct; its position moves
   * @return bytes read, or -1 at the end
   * @throws InterruptedIOException if the thread is interrupted; its interrupt status stays set
   */
  public int read(ByteBuffer buffer) throws IOException {
    int count;
    do {
      checkInterrupt();
      count = tryRead(buffer, SLICE);
    } while (count == 0);
    return count;
  }

  /**
   * Reads what is there, waiting no longer than the time.
   *
   * @return bytes read, 0 if none came in time, -1 at the end
   */
  public int tryRead(ByteBuffer buffer, int timeoutMillis) throws IOException {
    int fd = descriptor.number();
    Libc libc = system.libc();
    if (socket) {
      // Bytes are often there already: ask first, wait only if not.
      long count = libc.recv(fd, buffer, buffer.remaining(), MSG_DONTWAIT);
      if (count < 0 && isTransient(system.lastError())) {
        if (!system.await(readPoll, fd, SystemCalls.READABLE, timeoutMillis)) {
          return 0;
        }
        count = libc.recv(fd, buffer, buffer.remaining(), MSG_DONTWAIT);
      }
      return taken(buffer, count, "recv");
    }
    if (!system.await(readPoll, fd, SystemCalls.READABLE, timeoutMillis)) {
      return 0;
    }
    return taken(buffer, libc.read(fd, buffer, buffer.remaining()), "read");
  }

  private int taken(ByteBuffer buffer, long count, String call) throws SystemCallException {
    if (count < 0) {
      if (isTransient(system.lastError())) {
        return 0;
      }
      throw system.failure(call);
    }
    buffer.position(buffer.position() + (int) count);
    return count == 0 ? -1 : (int) count;
  }

  /**
   * Writes all remaining bytes.
   *
   * @param buffer direct; its position moves
   * @throws InterruptedIOException if the thread is interrupted; its interrupt status stays set
   */
  public void write(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      checkInterrupt();
      tryWrite(buffer, SLICE);
    }
  }

  /**
   * Writes what the other end has room for, waiting no longer than the time.
   *
   * @param buffer direct; its position moves
   * @return bytes written, 0 if there was no room in time
   */
  public int tryWrite(ByteBuffer buffer, int timeoutMillis) throws IOException {
    int fd = descriptor.number();
    Libc libc = system.libc();
    if (socket) {
      long count = libc.send(fd, buffer, buffer.remaining(), MSG_DONTWAIT | MSG_NOSIGNAL);
      if (count < 0 && isTransient(system.lastError())) {
        if (!system.await(writePoll, fd, SystemCalls.WRITABLE, timeoutMillis)) {
          return 0;
        }
        count = libc.send(fd, buffer, buffer.remaining(), MSG_DONTWAIT | MSG_NOSIGNAL);
      }
      return given(buffer, count, "send");
    }
    Descriptor own = reopened();
    int number = own == null ? fd : own.number();
    int most = own == null ? Math.min(ATOMIC, buffer.remaining()) : buffer.remaining();
    if (!system.await(writePoll, number, SystemCalls.WRITABLE, timeoutMillis)) {
      return 0;
    }
    return given(buffer, libc.write(number, buffer, most), "write");
  }

  /**
   * The pipe's end, opened once more for writing without blocking. It has flags of its own: those
   * of the given descriptor, which others may share, stay as they are.
   *
   * @return null if the system does not let us; writes then go in small pieces
   */
  private Descriptor reopened() {
    if (!reopened) {
      reopened = true;
      try {
        nonBlocking =
            system.open(
                Path.of("/proc/self/fd/" + descriptor.number()),
                OpenFlags.WRITE_ONLY | OpenFlags.NON_BLOCKING,
                0);
      } catch (SystemCallException e) {
        // No /proc, no permission, or no reader: small pieces do, and tell if there is no reader.
        nonBlocking = null;
      }
    }
    return nonBlocking;
  }

  /**
   * Writes to a socket like {@link #tryWrite(ByteBuffer, int)}, with a descriptor for the receiver
   * that goes with the first byte (SCM_RIGHTS). The descriptor stays open here.
   *
   * @return bytes written; 0 means that the descriptor was not sent either
   */
  public int tryWrite(ByteBuffer buffer, Descriptor passed, int timeoutMillis) throws IOException {
    int fd = descriptor.number();
    if (!system.await(writePoll, fd, SystemCalls.WRITABLE, timeoutMillis)) {
      return 0;
    }
    try {
      int count = system.sendWithDescriptor(fd, buffer.slice(), passed.number());
      buffer.position(buffer.position() + count);
      return count;
    } catch (SystemCallException e) {
      if (isTransient(e.errno())) {
        return 0;
      }
      throw e;
    }
  }

  private int given(ByteBuffer buffer, long count, String call) throws SystemCallException {
    if (count < 0) {
      if (isTransient(system.lastError())) {
        return 0;
      }
      throw system.failure(call);
    }
    buffer.position(buffer.position() + (int) count);
    return (int) count;
  }

  /**
   * Ends a socket both ways, at once and from any thread: whoever waits in it here sees the end,
   * and so does the other process.
   */
  public void shutdown() throws SystemCallException {
    if (socket && system.libc().shutdown(descriptor.number(), SHUT_RDWR) != 0) {
      throw system.failure("shutdown");
    }
  }

  /** Tells the other end that nothing more will come; it can still be read from. */
  public void shutdownWrite() throws SystemCallException {
    if (socket && system.libc().shutdown(descriptor.number(), SHUT_WR) != 0) {
      throw system.failure("shutdown");
    }
  }

  @Override
  public void close() throws IOException {
    // Both: the reader of a pipe sees the end only when no writer is left.
    try (Descriptor given = descriptor;
        Descriptor own = nonBlocking) {
      return;
    }
  }

  private static boolean isTransient(int errno) {
    return errno == Errno.EAGAIN || errno == Errno.EINTR;
  }

  private static void checkInterrupt() throws InterruptedIOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new InterruptedIOException("interrupted");
    }
  }
}
