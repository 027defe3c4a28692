/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.stream.StreamInput;

/** Reads an image from its first byte to its last, some buffers ahead. Used by one thread. */
public final class StreamReader implements StreamInput.Supply {
  private final String image;
  private final IoQueue queue;
  private final BufferPool pool;
  private final TransferCounter counter;
  private final long length;
  private final IoQueue.Completion completion = this::completed;

  // Requests in the order of their offsets: a ring of buffer indexes, and what became of each.
  private final int[] order;
  private final int[] asked;
  private final int[] transferred;
  private final boolean[] done;
  private final IOException[] failures;
  private int head;
  private int pending;

  private int current = -1;
  private long requested;
  private long consumed;
  private boolean ended;

  /**
   * Reads.
   *
   * @param image what messages call the image
   * @param queue at least as deep as the pool has buffers
   * @param pool of two buffers or more: one is with the consumer, the others are read ahead
   * @param length how much to read, in bytes: that fewer are there is damage; {@link
   *     Long#MAX_VALUE} to read to the end
   */
  public StreamReader(
      String image, IoQueue queue, BufferPool pool, TransferCounter counter, long length) {
    this(image, queue, pool, counter, 0, length);
  }

  /** As the other, from a byte of the image on to, and without, another. */
  StreamReader(
      String image, IoQueue queue, BufferPool pool, TransferCounter counter, long begin, long end) {
    this.image = image;
    this.queue = queue;
    this.pool = pool;
    this.counter = counter;
    this.length = end;
    requested = begin;
    consumed = begin;
    order = new int[pool.all().size()];
    asked = new int[order.length];
    transferred = new int[order.length];
    done = new boolean[order.length];
    failures = new IOException[order.length];
  }

  @Override
  public ByteBuffer next() throws StillframeException {
    TransferFailures.checkInterrupt(image);
    if (current >= 0) {
      giveBack();
    }
    readAhead();
    if (pending == 0) {
      return null;
    }
    int index = order[head];
    while (!done[index]) {
      reap(1);
    }
    if (failures[index] != null) {
      throw failure(failures[index]);
    }
    if (transferred[index] < asked[index] && length < Long.MAX_VALUE) {
      throw new DamagedException(
          image + " at byte " + (consumed + transferred[index]),
          "it ends here, inside what it says it holds",
          "it was cut while it was read: use another copy of it");
    }
    head = (head + 1) % order.length;
    pending--;
    current = index;
    return pool.get(index).position(0).limit(transferred[index]);
  }

  private void giveBack() {
    int count = transferred[current];
    consumed += count;
    counter.add(count);
    if (count < asked[current]) {
      // Here the image ends. What was read ahead of it is none of it, even if the file has grown.
      ended = true;
      pending = 0;
    }
    pool.give(current);
    current = -1;
  }

  private void readAhead() throws StillframeException {
    while (!ended && requested < length) {
      int index = pool.take();
      if (index < 0) {
        return;
      }
      ByteBuffer buffer = pool.get(index).clear();
      asked[index] = (int) Math.min(buffer.capacity(), length - requested);
      buffer.limit(asked[index]);
      done[index] = false;
      failures[index] = null;
      try {
        queue.read(buffer, requested, index);
      } catch (IOException e) {
        throw failure(e);
      }
      order[(head + pending++) % order.length] = index;
      requested += asked[index];
      reap(0);
      ended = done[index] && transferred[index] < asked[index];
    }
  }

  private void reap(int atLeast) throws StillframeException {
    try {
      queue.reap(atLeast, completion);
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void completed(long tag, int count, IOException problem) {
    int index = (int) tag;
    done[index] = true;
    transferred[index] = count;
    failures[index] = problem;
  }

  private StillframeException failure(IOException problem) {
    return TransferFailures.of(image + " at byte " + consumed, problem);
  }
}
