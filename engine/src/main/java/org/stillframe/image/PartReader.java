/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;

/** Reads batches of parts of an image, some ahead of the one that is used. Used by one thread. */
final class PartReader {
  private final String image;
  private final IoQueue queue;
  private final IoQueue.Completion completion = this::completed;

  // In the order in which they are read: a ring.
  private final PartBatch[] batches;
  private int head;
  private int pending;

  /**
   * Reads.
   *
   * @param image what messages call the image
   * @param queue of any depth: requests wait for room
   * @param batches how many there are, read or being read
   */
  PartReader(String image, IoQueue queue, int batches) {
    this.image = image;
    this.queue = queue;
    this.batches = new PartBatch[batches];
    for (int i = 0; i < batches; i++) {
      this.batches[i] = new PartBatch(i);
    }
  }

  boolean isEmpty() {
    return pending == 0;
  }

  boolean isFull() {
    return pending == batches.length;
  }

  /** The index of the batch that {@link #next} gives. */
  int nextIndex() {
    return (head + pending) % batches.length;
  }

  /** The batch to fill next, unless all {@link #isFull are in use}. */
  PartBatch next() {
    return batches[nextIndex()];
  }

  /** Begins to read the batch that was {@link #next}. */
  void read() throws StillframeException {
    TransferFailures.checkInterrupt(image);
    PartBatch batch = next();
    pending++;
    try {
      batch.submit(queue, completion);
    } catch (IOException e) {
      throw TransferFailures.of(image, e);
    }
  }

  /** The index of the batch that {@link #first} gives. */
  int firstIndex() {
    return head;
  }

  /** The oldest batch, once it is read. */
  PartBatch first() throws StillframeException {
    PartBatch batch = batches[head];
    try {
      while (!batch.isRead()) {
        queue.reap(1, completion);
      }
    } catch (IOException e) {
      throw TransferFailures.of(image, e);
    }
    batch.requireGood(image);
    return batch;
  }

  /** The oldest batch is not needed any more. */
  void release() {
    head = (head + 1) % batches.length;
    pending--;
  }

  private void completed(long tag, int transferred, IOException problem) {
    batches[PartBatch.index(tag)].completed(tag, transferred, problem);
  }
}
