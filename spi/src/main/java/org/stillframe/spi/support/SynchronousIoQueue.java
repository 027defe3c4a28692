/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.support;

import java.io.IOException;
import java.nio.ByteBuffer;

/** A queue whose requests are carried out while they are submitted. Used by one thread. */
public final class SynchronousIoQueue extends AbstractIoQueue {
  private final Transfer transfer;

  // What has completed and was not reaped: a ring, so that nothing is allocated for a request.
  private final long[] tags;
  private final int[] counts;
  private final IOException[] failures;
  private int first;

  /**
   * Makes a queue.
   *
   * @param transfer carries out the requests, and is closed with the queue
   * @param depth how many completions may wait to be reaped, 1 to 4096
   * @param writable whether writes are taken
   */
  public SynchronousIoQueue(Transfer transfer, int depth, boolean writable) {
    super(depth, writable);
    this.transfer = transfer;
    tags = new long[depth];
    counts = new int[depth];
    failures = new IOException[depth];
  }

  @Override
  protected void submit(boolean write, ByteBuffer buffer, long offset, long tag) {
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
    int slot = (first + inFlight()) % depth();
    tags[slot] = tag;
    counts[slot] = moved;
    failures[slot] = failure;
  }

  @Override
  protected int collect(int atLeast, Completion completion) {
    int reaped = inFlight();
    for (int i = 0; i < reaped; i++) {
      int slot = first;
      first = (first + 1) % depth();
      IOException failure = failures[slot];
      failures[slot] = null;
      complete(completion, tags[slot], counts[slot], failure);
    }
    return reaped;
  }

  @Override
  protected void release() throws IOException {
    transfer.close();
  }
}
