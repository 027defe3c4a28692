/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.stillframe.spi.StateFile;
import org.stillframe.system.HugePages;
import org.stillframe.system.SystemCalls;

/**
 * The buffers of one channel, allocated once: direct, of one size, aligned, in huge pages if all of
 * them together fill one. Each is known by its index, which serves as the tag of its request. Used
 * by one thread.
 */
public final class BufferPool {
  /** The most that is allocated in one piece, in bytes. */
  private static final int MOST = 1 << 30;

  private final List<ByteBuffer> buffers;
  private final int alignment;
  private final int[] free;
  private int freeCount;

  /** Allocates the buffers of a shape, so that a file takes and fills them without a copy. */
  public BufferPool(BufferShape shape, StateFile file) {
    this(shape.count(), shape.size(), Math.max(shape.alignment(), file.memoryAlignment()));
  }

  /**
   * Allocates the buffers.
   *
   * @param count how many, 1 or more
   * @param size of each in bytes, a multiple of the alignment
   * @param alignment of their addresses in bytes, a power of two
   */
  public BufferPool(int count, int size, int alignment) {
    this(allocate(count, size, alignment), alignment);
  }

  /** A pool of buffers that are there already: direct, of one size, aligned as they need to be. */
  public BufferPool(List<ByteBuffer> buffers) {
    this(buffers, 1);
  }

  private BufferPool(List<ByteBuffer> buffers, int alignment) {
    this.alignment = alignment;
    this.buffers = List.copyOf(buffers);
    free = new int[buffers.size()];
    for (int i = 0; i < free.length; i++) {
      free[i] = free.length - 1 - i;
    }
    freeCount = free.length;
  }

  private static List<ByteBuffer> allocate(int count, int size, int alignment) {
    List<ByteBuffer> made = new ArrayList<>(count);
    long total = (long) count * size;
    if (total >= HugePages.SIZE && total <= MOST && alignment <= HugePages.SIZE) {
      // Next to each other, so that they share huge pages.
      ByteBuffer area = new HugePages(new SystemCalls()).allocate((int) total);
      for (int i = 0; i < count; i++) {
        made.add(area.slice(i * size, size));
      }
      return made;
    }
    for (int i = 0; i < count; i++) {
      made.add(allocate(size, alignment));
    }
    return made;
  }

  private static ByteBuffer allocate(int size, int alignment) {
    return ByteBuffer.allocateDirect(size + alignment - 1).alignedSlice(alignment);
  }

  /**
   * Allocates a buffer that is none of the pool, aligned as those that the pool has allocated.
   *
   * @param size in bytes, a multiple of the alignment
   */
  public ByteBuffer another(int size) {
    return allocate(size, alignment);
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
