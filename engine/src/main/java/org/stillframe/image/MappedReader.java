/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.channel.BufferPool;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.stream.MappedBlock;

/**
 * Reads the pages of a mapped image in order, some runs ahead; slots of pages of zeros are never
 * read. Used by one thread.
 */
final class MappedReader {
  private final String image;
  private final IoQueue queue;
  private final BufferPool pool;
  private final RunCursor cursor;
  private final IoQueue.Completion completion = this::completed;

  // Runs in their order: a ring of slots, each with what the cursor said of it.
  private final MappedBlock[] blocks;
  private final long[] offsets;
  private final long[] lengths;
  private final int[] buffers;
  private int head;
  private int pending;

  // By buffer.
  private final boolean[] done;
  private final int[] transferred;
  private final IOException[] failures;

  private boolean exhausted;
  private int current = -1;

  /**
   * Reads.
   *
   * @param queue at least as deep as the pool has buffers
   * @param pool of two buffers or more: one is with the consumer, the others are read ahead
   */
  MappedReader(String image, IoQueue queue, BufferPool pool, List<MappedBlock> blocks) {
    this.image = image;
    this.queue = queue;
    this.pool = pool;
    int count = pool.all().size();
    cursor = new RunCursor(blocks, pool.get(0).capacity());
    // Runs of zeros take no buffer; between two that do there may be one.
    this.blocks = new MappedBlock[2 * count];
    offsets = new long[2 * count];
    lengths = new long[2 * count];
    buffers = new int[2 * count];
    done = new boolean[count];
    transferred = new int[count];
    failures = new IOException[count];
  }

  /** Goes to the next run; false if there is none. What the last one gave is taken back. */
  boolean next() throws StillframeException {
    if (current >= 0) {
      if (buffers[current] >= 0) {
        pool.give(buffers[current]);
      }
      current = -1;
      head = (head + 1) % blocks.length;
      pending--;
    }
    readAhead();
    if (pending == 0) {
      return false;
    }
    current = head;
    int buffer = buffers[current];
    if (buffer >= 0) {
      finish(buffer);
    }
    return true;
  }

  private void finish(int buffer) throws StillframeException {
    long at = blocks[current].position(offsets[current]);
    try {
      while (!done[buffer]) {
        queue.reap(1, completion);
      }
    } catch (IOException e) {
      throw TransferFailures.of(image + " at byte " + at, e);
    }
    if (failures[buffer] != null) {
      throw TransferFailures.of(image + " at byte " + at, failures[buffer]);
    }
    if (transferred[buffer] < lengths[current]) {
      throw new DamagedException(
          image + " at byte " + (at + transferred[buffer]),
          "it ends inside RAM block " + blocks[current].block().name(),
          "it was cut while it was read: use another copy of it");
    }
  }

  private void readAhead() throws StillframeException {
    while (!exhausted && pending < blocks.length - 1 && (pending == 0 || pool.hasFree())) {
      if (!cursor.next()) {
        exhausted = true;
        return;
      }
      int slot = (head + pending++) % blocks.length;
      blocks[slot] = cursor.block();
      offsets[slot] = cursor.offset();
      lengths[slot] = cursor.length();
      buffers[slot] = -1;
      if (cursor.stored()) {
        read(slot, pool.take());
      }
    }
  }

  private void read(int slot, int buffer) throws StillframeException {
    buffers[slot] = buffer;
    done[buffer] = false;
    failures[buffer] = null;
    long at = blocks[slot].position(offsets[slot]);
    try {
      queue.read(pool.get(buffer).clear().limit((int) lengths[slot]), at, buffer);
      queue.reap(0, completion);
    } catch (IOException e) {
      throw TransferFailures.of(image + " at byte " + at, e);
    }
  }

  private void completed(long tag, int count, IOException problem) {
    int buffer = (int) tag;
    done[buffer] = true;
    transferred[buffer] = count;
    failures[buffer] = problem;
  }

  MappedBlock block() {
    return blocks[current];
  }

  /** Where the run begins in its block, in bytes. */
  long offset() {
    return offsets[current];
  }

  /** In bytes: whole pages. */
  long length() {
    return lengths[current];
  }

  /** The pages' bytes, until the next run is gone to; null if they are zeros. */
  ByteBuffer data() {
    int buffer = buffers[current];
    return buffer < 0 ? null : pool.get(buffer).limit((int) lengths[current]).position(0);
  }
}
