/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The buffers of one channel, allocated once: direct, of one size, aligned. Each is known by its
 * index, which serves as the tag of its request. Used by one thread.
 */
public final class BufferPool {
  private final List<ByteBuffer> buffers;
  private final int[] free;
  private int freeCount;

  /**
   * Allocates the buffers.
   *
   * @param count how many, 1 or more
   * @param size of each in bytes, a multiple of the alignment
   * @param alignment of their addresses in bytes, a power of two
   */
  public BufferPool(int count, int size, int alignment) {
    List<ByteBuffer> made = new ArrayList<>(count);
    free = new int[count];
    for (int i = 0; i < count; i++) {
      made.add(ByteBuffer.allocateDirect(size + alignment - 1).alignedSlice(alignment));
      free[i] = count - 1 - i;
    }
    buffers = List.copyOf(made);
    freeCount = count;
  }

  /** All buffers, by index. */
  public List<ByteBuffer> all() {
    return buffers;
  }

  /** The buffer of an index. */
  public ByteBuffer get(int index) {
    return buffers.get(index);
  }

  /** Takes the index of a free buffer; -1 if none is free. */
  public int take() {
    return freeCount == 0 ? -1 : free[--freeCount];
  }

  /** Whether a buffer is free. */
  public boolean hasFree() {
    return freeCount > 0;
  }

  /** Gives a buffer back. */
  public void give(int index) {
    free[freeCount++] = index;
  }
}
