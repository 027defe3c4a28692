/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A submission and completion queue, used by one thread.
 *
 * <p>A request is submitted with a tag of the caller's choice and completes later, in any order,
 * through {@link #reap}. A synchronous backend may do the work while it is submitted; its
 * completion is handed over by {@code reap} all the same. Requests that overlap and are in flight
 * together have no order. Those that do not overlap leave each other alone, also where they share a
 * block of the target and come from different queues of one state file.
 *
 * <p>Short transfers, EINTR and EAGAIN are the queue's business: a write completes with all its
 * bytes or fails; a read completes with all its bytes, or with fewer where the file ends.
 *
 * <p>A request covers the buffer from its position to its limit as they are at submission; the
 * queue does not change them. The buffer must be direct, and its content must not be touched until
 * the request has completed.
 *
 * <p>On a pipe or a socket, requests are carried out in the order of submission and each offset
 * must be where the one before ended, counted by each queue from 0; a request that is elsewhere
 * fails. A wait for the other side ends when the waiting thread is interrupted: the request fails
 * with an {@link java.io.InterruptedIOException}, and the interrupt status stays set.
 */
public interface IoQueue extends AutoCloseable {
  /** How many requests may be in flight at once. */
  int depth();

  /** How many requests were submitted and not yet handed over by {@link #reap}. */
  int inFlight();

  /**
   * Submits a read of the buffer's remaining bytes from {@code offset}.
   *
   * @throws IllegalArgumentException if the buffer is not direct, or cannot be written to, or the
   *     offset is negative
   * @throws IllegalStateException if {@link #depth()} requests are in flight, or it is closed
   * @throws IOException if the queue itself has failed; the request was not taken
   */
  void read(ByteBuffer buffer, long offset, long tag) throws IOException;

  /**
   * Submits a write of the buffer's remaining bytes at {@code offset}.
   *
   * @throws IllegalArgumentException if the buffer is not direct, or the offset negative
   * @throws IllegalStateException if {@link #depth()} requests are in flight, or it is closed
   * @throws IOException if the target was opened for reading alone, or the queue itself has failed;
   *     the request was not taken
   */
  void write(ByteBuffer buffer, long offset, long tag) throws IOException;

  /**
   * Hands over completions, waiting until at least {@code atLeast} of them are there.
   *
   * @param atLeast 0 to {@link #inFlight()}; 0 does not wait
   * @return how many were handed over
   * @throws IllegalArgumentException if atLeast is out of its range
   * @throws IllegalStateException if it is closed
   * @throws IOException if the queue itself has failed
   */
  int reap(int atLeast, Completion completion) throws IOException;

  /**
   * Waits for what is in flight, drops its completions, and releases the queue. Idempotent.
   *
   * @throws IOException if the system refuses
   */
  @Override
  void close() throws IOException;

  /**
   * Takes the outcome of a request. Must not submit or reap on the same queue. What it throws comes
   * out of {@link #reap}: that request was handed over then, and others wait for the next call.
   */
  @FunctionalInterface
  interface Completion {
    /**
     * A request has ended.
     *
     * @param tag as given at submission
     * @param transferred bytes moved; without a failure, fewer than asked only for a read that met
     *     the end of the file
     * @param failure why it failed, or null; a {@link SystemCallException} where the system said so
     */
    void completed(long tag, int transferred, IOException failure);
  }
}
