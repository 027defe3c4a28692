/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.spi.IoQueue;

/** A queue that checks and counts requests, and leaves their transfer. Used by one thread. */
public abstract class AbstractIoQueue implements IoQueue {
  private static final int MAX_DEPTH = 4096;

  private final int depth;
  private final boolean writable;
  private int inFlight;
  private boolean closed;

  /**
   * For subclasses.
   *
   * @throws IllegalArgumentException if depth is not within 1..4096
   */
  protected AbstractIoQueue(int depth, boolean writable) {
    requireDepth(depth);
    this.depth = depth;
    this.writable = writable;
  }

  static void requireDepth(int depth) {
    if (depth < 1 || depth > MAX_DEPTH) {
      throw new IllegalArgumentException("depth " + depth + " is not within 1.." + MAX_DEPTH);
    }
  }

  @Override
  public final int depth() {
    return depth;
  }

  @Override
  public final int inFlight() {
    return inFlight;
  }

  @Override
  public final void read(ByteBuffer buffer, long offset, long tag) throws IOException {
    requireRoomFor(buffer, offset);
    if (buffer.isReadOnly()) {
      throw new IllegalArgumentException("the buffer cannot be written to");
    }
    submit(false, buffer, offset, tag);
    inFlight++;
  }

  @Override
  public final void write(ByteBuffer buffer, long offset, long tag) throws IOException {
    requireRoomFor(buffer, offset);
    if (!writable) {
      throw new IOException("the target was opened for reading alone");
    }
    submit(true, buffer, offset, tag);
    inFlight++;
  }

  private void requireRoomFor(ByteBuffer buffer, long offset) {
    requireOpen();
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("the buffer is not direct");
    }
    if (offset < 0) {
      throw new IllegalArgumentException("negative offset " + offset);
    }
    if (inFlight == depth) {
      throw new IllegalStateException("all " + depth + " requests are in flight");
    }
  }

  @Override
  public final int reap(int atLeast, Completion completion) throws IOException {
    requireOpen();
    if (atLeast < 0 || atLeast > inFlight) {
      throw new IllegalArgumentException(atLeast + " of " + inFlight + " requests in flight");
    }
    return collect(atLeast, completion);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the queue is closed");
    }
  }

  @Override
  public final void close() throws IOException {
    if (!closed) {
      closed = true;
      inFlight = 0;
      release();
    }
  }

  /**
   * Takes a request that was checked; the buffer's position and limit must be what they were when
   * it returns.
   *
   * @throws IOException if the queue itself has failed; the request was not taken
   */
  protected abstract void submit(boolean write, ByteBuffer buffer, long offset, long tag)
      throws IOException;

  /**
   * Hands over completions by {@link #complete}, waiting until at least {@code atLeast} of them are
   * there, which is not more than are in flight.
   *
   * @return how many were handed over
   */
  protected abstract int collect(int atLeast, Completion completion) throws IOException;

  /** Hands over one completion. */
  protected final void complete(
      Completion completion, long tag, int transferred, IOException failure) {
    inFlight--;
    completion.completed(tag, transferred, failure);
  }

  /** Waits for what is in flight, drops it, and releases the queue. Called once. */
  protected abstract void release() throws IOException;
}
