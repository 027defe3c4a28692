/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.BufferShape;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.stream.StreamInput;

/**
 * Reads an image from its first byte to its last on one channel, for another that uses what was
 * read. A stream can be understood in its order alone, so that its pages cannot be shared out; but
 * where a backend works while its requests are submitted, reading and writing would take turns on
 * one channel. Each buffer changes hands as a whole, and comes back to be filled again.
 */
final class BufferRelay implements StreamInput.Supply {
  private static final Integer END = -1;

  private final String image;
  private final StateFile file;
  private final BufferPool buffers;
  private final TransferCounter counter;
  private final BlockingQueue<Integer> free;
  private final BlockingQueue<Integer> filled;
  private final IoQueue.Completion completion = this::completed;

  // By buffer; of the reading channel until the buffer is handed over.
  private final int[] asked;
  private final int[] transferred;
  private final boolean[] done;
  private final IOException[] failures;

  // Of the reading channel: requests in the order of their offsets, a ring of buffer indexes.
  private final int[] order;
  private int head;
  private int pending;

  // Of the channel that uses what was read.
  private Integer current = END;
  private boolean ended;

  /**
   * Relays.
   *
   * @param image what messages call the image
   * @param counter counts what was used
   */
  BufferRelay(String image, StateFile file, BufferShape shape, TransferCounter counter) {
    this.image = image;
    this.file = file;
    this.counter = counter;
    buffers = new BufferPool(shape, file);
    int count = shape.count();
    free = new ArrayBlockingQueue<>(count);
    filled = new ArrayBlockingQueue<>(count + 1);
    asked = new int[count];
    transferred = new int[count];
    done = new boolean[count];
    failures = new IOException[count];
    order = new int[count];
    for (int i = 0; i < count; i++) {
      free.add(i);
    }
  }

  /**
   * Reads, on the one channel.
   *
   * @param length how much, in bytes; {@link Long#MAX_VALUE} to read to the end
   */
  void read(long length) throws StillframeException {
    try (IoQueue queue = file.openQueue(order.length, buffers.all())) {
      long requested = 0;
      while (handOver()) {
        // Only with nothing in flight a buffer is worth waiting for.
        Integer index = null;
        if (requested < length) {
          index = pending == 0 ? take(free) : free.poll();
        } else if (pending == 0) {
          break;
        }
        if (index == null) {
          queue.reap(1, completion);
        } else {
          requested += submit(queue, index, requested, length);
          queue.reap(0, completion);
        }
      }
      filled.add(END);
    } catch (IOException e) {
      throw TransferFailures.of(image, e);
    }
  }

  private int submit(IoQueue queue, int index, long offset, long length) throws IOException {
    ByteBuffer buffer = buffers.get(index).clear();
    asked[index] = (int) Math.min(buffer.capacity(), length - offset);
    done[index] = false;
    failures[index] = null;
    order[(head + pending++) % order.length] = index;
    queue.read(buffer.limit(asked[index]), offset, index);
    return asked[index];
  }

  /** Hands over what was read, in order; false at the end of the image. */
  private boolean handOver() throws StillframeException {
    TransferFailures.checkInterrupt(image);
    while (pending > 0 && done[order[head]]) {
      int index = order[head];
      if (failures[index] != null) {
        throw TransferFailures.of(image, failures[index]);
      }
      head = (head + 1) % order.length;
      pending--;
      boolean last = transferred[index] < asked[index];
      buffers.get(index).position(0).limit(transferred[index]);
      filled.add(index);
      if (last) {
        // What was read ahead of the end is none of the image, even if the file has grown.
        return false;
      }
    }
    return true;
  }

  private void completed(long tag, int count, IOException problem) {
    int index = (int) tag;
    done[index] = true;
    transferred[index] = count;
    failures[index] = problem;
  }

  @Override
  public ByteBuffer next() throws StillframeException {
    if (ended) {
      return null;
    }
    if (!current.equals(END)) {
      counter.add(buffers.get(current).limit());
      free.add(current);
    }
    current = take(filled);
    ended = current.equals(END);
    return ended ? null : buffers.get(current);
  }

  private Integer take(BlockingQueue<Integer> queue) throws CancelledException {
    try {
      return queue.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException(
          ErrorCode.CANCELLED, image, "the transfer was interrupted", "", e);
    }
  }
}
