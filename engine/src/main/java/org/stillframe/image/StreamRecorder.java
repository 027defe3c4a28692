/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.stream.StreamInput;

/**
 * Records a stream as it comes, byte for byte: the layout {@code stream}. Each chunk is filled from
 * the feed, looked at by whoever reads from this supply, and written when the next is asked for.
 * Used by one thread.
 */
public final class StreamRecorder implements StreamInput.Supply {
  private final ThrottledFeed source;
  private final String target;
  private final IoQueue queue;
  private final BufferPool pool;
  private final TransferCounter counter;
  private final IoQueue.Completion completion = this::completed;
  // By buffer: where it was to be written.
  private final long[] offsets;

  private final ByteBuffer head;

  private int current = -1;
  private long written;
  private IOException failure;
  private long failedAt;

  /**
   * Records.
   *
   * @param target what messages call the image
   * @param queue at least as deep as the pool has buffers
   * @param throttle how fast the feed is read: who sends cannot be faster
   * @param head takes the first bytes of the stream, as many as it has room for, in whose place
   *     zeros are written; without room it takes none
   */
  public StreamRecorder(
      StreamFeed source,
      String target,
      IoQueue queue,
      BufferPool pool,
      TransferCounter counter,
      Throttle throttle,
      ByteBuffer head) {
    this.source = new ThrottledFeed(source, throttle);
    this.target = target;
    this.queue = queue;
    this.pool = pool;
    this.counter = counter;
    this.head = head;
    offsets = new long[pool.all().size()];
  }

  @Override
  public ByteBuffer next() throws StillframeException {
    writeCurrent();
    if (source.ended()) {
      return null;
    }
    int index = free();
    ByteBuffer buffer = pool.get(index).clear();
    try {
      source.fill(buffer);
    } catch (IOException e) {
      throw TransferFailures.of("migration stream at byte " + (written + buffer.position()), e);
    }
    current = index;
    return buffer.flip();
  }

  private void writeCurrent() throws StillframeException {
    if (current < 0) {
      return;
    }
    ByteBuffer buffer = pool.get(current).rewind();
    int length = buffer.remaining();
    if (length == 0) {
      pool.give(current);
    } else {
      offsets[current] = written;
      holdBack(buffer);
      try {
        queue.write(buffer, written, current);
        queue.reap(0, completion);
      } catch (IOException e) {
        fail(written, e);
      }
      requireGood();
      written += length;
      counter.add(length);
    }
    current = -1;
  }

  private void holdBack(ByteBuffer buffer) {
    for (int i = 0; i < buffer.limit() && head.hasRemaining(); i++) {
      head.put(buffer.get(i));
      buffer.put(i, (byte) 0);
    }
  }

  private int free() throws StillframeException {
    int index = pool.take();
    while (index < 0) {
      reap(1);
      index = pool.take();
    }
    return index;
  }

  /**
   * Waits until everything is written.
   *
   * @return bytes recorded: the length of the image
   */
  public long finish() throws StillframeException {
    writeCurrent();
    while (queue.inFlight() > 0) {
      reap(queue.inFlight());
    }
    return written;
  }

  private void reap(int atLeast) throws StillframeException {
    try {
      queue.reap(atLeast, completion);
    } catch (IOException e) {
      fail(written, e);
    }
    requireGood();
  }

  private void completed(long tag, int transferred, IOException problem) {
    int index = (int) tag;
    int length = pool.get(index).limit();
    pool.give(index);
    if (problem != null) {
      fail(offsets[index], problem);
    } else if (transferred != length) {
      // A backend may not do this. If one does, the image has a hole that nobody was told of.
      fail(
          offsets[index],
          new IOException("the backend wrote " + transferred + " of " + length + " bytes"));
    }
  }

  private void fail(long offset, IOException problem) {
    if (failure == null) {
      failure = problem;
      failedAt = offset;
    }
  }

  private void requireGood() throws StillframeException {
    if (failure != null) {
      throw TransferFailures.of(target + " at byte " + failedAt, failure);
    }
  }
}
