/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.stream.StreamInput;

/** Reads an image from its first byte to its last, some buffers ahead. Used by one thread. */
public final class StreamReader implements StreamInput.Supply {
  private final String image;
  private final IoQueue queue;
  private final BufferPool pool;
  private final TransferCounter counter;
  private final IoQueue.Completion completion = this::completed;

  // Requests in the order of their offsets: a ring of buffer indexes, and what became of each.
  private final int[] order;
  private final int[] transferred;
  private final boolean[] done;
  private int head;
  private int pending;

  private int current = -1;
  private long requested;
  private long consumed;
  private boolean ended;
  private IOException failure;

  /**
   * Reads.
   *
   * @param image what messages call the image
   * @param queue at least as deep as the pool has buffers
   * @param pool of two buffers or more: one is with the consumer, the others are read ahead
   */
  public StreamReader(String image, IoQueue queue, BufferPool pool, TransferCounter counter) {
    this.image = image;
    this.queue = queue;
    this.pool = pool;
    this.counter = counter;
    order = new int[pool.all().size()];
    transferred = new int[order.length];
    done = new boolean[order.length];
  }

  @Override
  public ByteBuffer next() throws StillframeException {
    if (current >= 0) {
      int length = pool.get(current).limit();
      consumed += length;
      counter.add(length);
      pool.give(current);
      current = -1;
    }
    readAhead();
    if (pending == 0) {
      return null;
    }
    int index = order[head];
    while (!done[index]) {
      reap();
    }
    head = (head + 1) % order.length;
    pending--;
    ByteBuffer buffer = pool.get(index);
    if (transferred[index] < buffer.capacity()) {
      ended = true;
    }
    current = index;
    return buffer.position(0).limit(transferred[index]);
  }

  private void readAhead() throws StillframeException {
    while (!ended) {
      int index = pool.take();
      if (index < 0) {
        return;
      }
      ByteBuffer buffer = pool.get(index).clear();
      done[index] = false;
      order[(head + pending++) % order.length] = index;
      try {
        queue.read(buffer, requested, index);
        queue.reap(0, completion);
      } catch (IOException e) {
        failure = e;
      }
      requireGood();
      requested += buffer.capacity();
      ended = done[index] && transferred[index] < buffer.capacity();
    }
  }

  private void reap() throws StillframeException {
    try {
      queue.reap(1, completion);
    } catch (IOException e) {
      failure = e;
    }
    requireGood();
  }

  private void completed(long tag, int count, IOException problem) {
    int index = (int) tag;
    done[index] = true;
    transferred[index] = count;
    if (problem != null && failure == null) {
      failure = problem;
    }
  }

  private void requireGood() throws StillframeException {
    if (failure != null) {
      throw TransferFailures.of(image + " near byte " + consumed, failure);
    }
  }
}
