/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;

/**
 * Parts of an image that are read into one buffer together, and found there again in the order in
 * which they were added. What lies between two parts is read in vain where it is little. Used by
 * one thread.
 */
final class PartBatch {
  /** To read so much in vain costs less than another request. */
  private static final int GAP = 64 << 10;

  /** How much of a buffer may be read in vain, in bytes: its size is that of the parts and this. */
  static final int GAPS = 256 << 10;

  private static final int FIRST_LENGTH = 16;

  private final int index;
  private ByteBuffer buffer;
  private int gapsLeft;
  private int filled;

  // By request: what it covers of the image, and where that goes in the buffer.
  private long[] begins = new long[FIRST_LENGTH];
  private long[] ends = new long[FIRST_LENGTH];
  private int[] positions = new int[FIRST_LENGTH];
  private int requests;

  /** The request in which a part was found last. */
  private int found;

  private int unfinished;
  private IOException failure;
  private long failedAt;
  private long cutAt;

  /** A batch whose requests are known by this index and their own number. */
  PartBatch(int index) {
    this.index = index;
  }

  /** Begins anew with a buffer, whose position and limit are this batch's to change. */
  void begin(ByteBuffer into) {
    buffer = into;
    gapsLeft = GAPS;
    filled = 0;
    requests = 0;
    found = 0;
    failure = null;
    cutAt = -1;
  }

  /**
   * Adds a part.
   *
   * @param alignment of its place in the buffer, if it needs a request of its own; a power of two
   */
  void add(long begin, long length, int alignment) {
    int last = requests - 1;
    if (last >= 0) {
      long gap = begin - ends[last];
      if (gap >= 0 && gap <= Math.min(GAP, gapsLeft)) {
        gapsLeft -= (int) gap;
        filled += (int) (gap + length);
        ends[last] = begin + length;
        return;
      }
    }
    if (requests == begins.length) {
      begins = Arrays.copyOf(begins, 2 * requests);
      ends = Arrays.copyOf(ends, 2 * requests);
      positions = Arrays.copyOf(positions, 2 * requests);
    }
    begins[requests] = begin;
    ends[requests] = begin + length;
    positions[requests] = filled + alignment - 1 & -alignment;
    filled = positions[requests++] + (int) length;
  }

  /** Submits the reads, waiting where the queue is full. */
  void submit(IoQueue queue, IoQueue.Completion completion) throws IOException {
    for (int i = 0; i < requests; i++) {
      while (queue.inFlight() == queue.depth()) {
        queue.reap(1, completion);
      }
      int length = (int) (ends[i] - begins[i]);
      buffer.limit(positions[i] + length).position(positions[i]);
      queue.read(buffer, begins[i], (long) index << Integer.SIZE | i);
      unfinished++;
    }
    queue.reap(0, completion);
  }

  /** The batch of a request, by its tag. */
  static int index(long tag) {
    return (int) (tag >>> Integer.SIZE);
  }

  /** A request has ended. */
  void completed(long tag, int transferred, IOException problem) {
    int request = (int) tag;
    unfinished--;
    if (problem != null && failure == null) {
      failure = problem;
      failedAt = begins[request];
    } else if (problem == null && transferred < ends[request] - begins[request]) {
      cutAt = begins[request] + transferred;
    }
  }

  boolean isRead() {
    return unfinished == 0;
  }

  /** Checks that all of it could be read, once it {@link #isRead}. */
  void requireGood(String image) throws StillframeException {
    if (failure != null) {
      throw TransferFailures.of(image + " at byte " + failedAt, failure);
    }
    if (cutAt >= 0) {
      throw new DamagedException(
          image + " at byte " + cutAt,
          "it ends here, inside what it says it holds",
          "it was cut while it was read: use another copy of it");
    }
  }

  /** Where in the buffer a byte of the image stands: one of this part, or of a later one. */
  int position(long at) {
    while (at < begins[found] || at >= ends[found]) {
      found++;
    }
    return positions[found] + (int) (at - begins[found]);
  }

  ByteBuffer buffer() {
    return buffer;
  }
}
