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

  /** Allocates the buffers of a shape. */
  public BufferPool(BufferShape shape) {
    this(shape.count(), shape.size(), shape.alignment());
  }

  /**
   * Allocates the buffers.
   *
   * @param count how many, 1 or more
   * @param size of each in bytes, a multiple of the alignment
   * @param alignment of their addresses in bytes, a power of two
   */
  public BufferPool(int count, int size, int alignment) {
    this(allocate(count, size, alignment));
  }

  /** A pool of buffers that are there already: direct, of one size, aligned as they need to be. */
  public BufferPool(List<ByteBuffer> buffers) {
    this.buffers = List.copyOf(buffers);
    free = new int[buffers.size()];
    for (int i = 0; i < free.length; i++) {
      free[i] = free.length - 1 - i;
    }
    freeCount = free.length;
  }

  private static List<ByteBuffer> allocate(int count, int size, int alignment) {
    List<ByteBuffer> made = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      made.add(ByteBuffer.allocateDirect(size + alignment - 1).alignedSlice(alignment));
    }
    return made;
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
