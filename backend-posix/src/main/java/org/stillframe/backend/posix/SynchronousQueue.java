/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.spi.IoQueue;

/** A queue whose requests are carried out while they are submitted. Used by one thread. */
final class SynchronousQueue implements IoQueue {
  private final Transfer transfer;
  private final int depth;
  private final boolean writable;

  // What has completed and was not reaped: a ring, so that nothing is allocated for a request.
  private final long[] tags;
  private final int[] counts;
  private final IOException[] failures;
  private int first;
  private int inFlight;
  private boolean closed;

  SynchronousQueue(Transfer transfer, int depth, boolean writable) {
    this.transfer = transfer;
    this.depth = depth;
    this.writable = writable;
    tags = new long[depth];
    counts = new int[depth];
    failures = new IOException[depth];
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public int inFlight() {
    return inFlight;
  }

  @Override
  public void read(ByteBuffer buffer, long offset, long tag) {
    requireRoomFor(buffer, offset);
    if (buffer.isReadOnly()) {
      throw new IllegalArgumentException("the buffer cannot be written to");
    }
    carryOut(false, buffer, offset, tag);
  }

  @Override
  public void write(ByteBuffer buffer, long offset, long tag) throws IOException {
    requireRoomFor(buffer, offset);
    if (!writable) {
      throw new IOException("the target was opened for reading alone");
    }
    carryOut(true, buffer, offset, tag);
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

  private void carryOut(boolean write, ByteBuffer buffer, long offset, long tag) {
    int position = buffer.position();
    IOException failure = null;
    int moved;
    try {
      if (write) {
        transfer.write(buffer, offset);
      } else {
        transfer.read(buffer, offset);
      }
    } catch (IOException e) {
      failure = e;
    } finally {
      moved = buffer.position() - position;
      buffer.position(position);
    }
    int slot = (first + inFlight++) % depth;
    tags[slot] = tag;
    counts[slot] = moved;
    failures[slot] = failure;
  }

  @Override
  public int reap(int atLeast, Completion completion) {
    requireOpen();
    if (atLeast < 0 || atLeast > inFlight) {
      throw new IllegalArgumentException(atLeast + " of " + inFlight + " requests in flight");
    }
    int reaped = inFlight;
    for (int i = 0; i < reaped; i++) {
      int slot = first;
      first = (first + 1) % depth;
      inFlight--;
      IOException failure = failures[slot];
      failures[slot] = null;
      completion.completed(tags[slot], counts[slot], failure);
    }
    return reaped;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the queue is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      inFlight = 0;
      transfer.close();
    }
  }
}
