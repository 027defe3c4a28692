/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * An opened target. Its methods may be called from any thread; each queue belongs to the one thread
 * that uses it. A closed state file throws an {@link IllegalStateException} wherever it would reach
 * the target.
 */
public interface StateFile extends Closeable {
  /**
   * The present size in bytes: of the file, or of the block device.
   *
   * @throws IOException if it has no size (a pipe or a socket), or the system refuses
   */
  long size() throws IOException;

  /**
   * Buffers at addresses that are multiples of this power of two go without a copy; 1 if any do.
   */
  int memoryAlignment();

  /**
   * Offsets and lengths that are multiples of this power of two go without detours; 1 if any do.
   */
  int offsetAlignment();

  /**
   * Opens a queue for one thread.
   *
   * @param depth how many requests may be in flight at once, 1 to 4096
   * @param buffers direct buffers that most requests will use, so that a backend may register them
   *     with the kernel; a request may use a slice of one of them, or any other direct buffer. They
   *     must stay reachable and unchanged in address until the queue is closed.
   * @throws IllegalArgumentException if depth is out of its range, or a buffer is not direct
   * @throws IOException if the system refuses
   */
  IoQueue openQueue(int depth, List<ByteBuffer> buffers) throws IOException;

  /**
   * Cuts or extends a regular file to {@code size} bytes; the new part reads as zeros.
   *
   * @throws IllegalArgumentException if the size is negative
   * @throws IOException if it is not a regular file, or was opened for reading alone, or the system
   *     refuses
   */
  void truncate(long size) throws IOException;

  /**
   * Makes everything that was written durable, data and metadata, as fsync(2). For a pipe or a
   * socket, where there is nothing to make durable, it does nothing.
   *
   * @throws IOException if the system reports that anything may be lost
   */
  void sync() throws IOException;

  /** Closes what the backend opened; the queues must have been closed before. Idempotent. */
  @Override
  void close() throws IOException;
}
