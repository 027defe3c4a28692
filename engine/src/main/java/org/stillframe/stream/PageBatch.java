/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;

/**
 * Some pages of one block, on their way to a guest. It is filled anew again and again. Used by one
 * thread.
 */
public final class PageBatch {
  private final int pageSize;
  private final boolean ranges;
  private final long[] offsets;
  private final long[] zeroOffsets;
  private RamBlock block;
  private int pages;
  private int zeros;
  private long emptyOffset;
  private long emptyLength;
  private ByteBuffer data;

  /**
   * An empty batch.
   *
   * @param pageSize the target page size in bytes: a power of two, 512 KiB at the most
   */
  public PageBatch(int pageSize) {
    this(pageSize, false);
  }

  /**
   * An empty batch.
   *
   * @param ranges whether many pages of zeros may be told as a range
   */
  public PageBatch(int pageSize, boolean ranges) {
    this.pageSize = pageSize;
    this.ranges = ranges;
    int most = MultifdWire.pagesPerPacket(pageSize);
    offsets = new long[most];
    zeroOffsets = new long[most];
  }

  /** Empties it; all that is added next belongs to this block. */
  public void begin(RamBlock of) {
    block = of;
    pages = 0;
    zeros = 0;
    emptyLength = 0;
    data = null;
  }

  /** Whether {@link #empty} may be said. */
  public boolean takesRanges() {
    return ranges;
  }

  /**
   * Says of a whole range that its pages are zero, in place of telling them one by one; there are
   * no others in the batch.
   *
   * @param offset in the block, in bytes
   * @param length in bytes; 0 if there is no such range
   */
  public void empty(long offset, long length) {
    emptyOffset = offset;
    emptyLength = length;
  }

  /** How many more pages, zero ones included, it has room for. */
  public int room() {
    return offsets.length - pages - zeros;
  }

  /**
   * Adds a page whose bytes stand in {@link #data} behind those of the page added before.
   *
   * @param offset in the block, in bytes
   */
  public void page(long offset) {
    requireRoom();
    offsets[pages++] = offset;
  }

  /** Adds a page of zeros. */
  public void zero(long offset) {
    requireRoom();
    zeroOffsets[zeros++] = offset;
  }

  private void requireRoom() {
    if (room() == 0) {
      throw new IllegalStateException("a batch holds " + offsets.length + " pages at the most");
    }
  }

  /**
   * Sets where the bytes of the pages stand.
   *
   * @param bytes direct; from its position to its limit exactly the pages that were added. It is
   *     the callee's until the next batch is asked for.
   */
  public void data(ByteBuffer bytes) {
    data = bytes;
  }

  /** The block of all pages. */
  public RamBlock block() {
    return block;
  }

  /** How many pages have bytes. */
  public int pages() {
    return pages;
  }

  /** How many pages are zero. */
  public int zeroPages() {
    return zeros;
  }

  /** Where a page lies in the block, in bytes. */
  public long offset(int index) {
    return offsets[index];
  }

  /** Where a zero page lies in the block, in bytes. */
  public long zeroOffset(int index) {
    return zeroOffsets[index];
  }

  /** Where the range of zero pages begins in the block, in bytes. */
  public long emptyOffset() {
    return emptyOffset;
  }

  /** How long the range of zero pages is, in bytes; 0 if there is none. */
  public long emptyLength() {
    return emptyLength;
  }

  /** Leaves the zero pages out, once they have gone another way. */
  public void dropZeroPages() {
    zeros = 0;
  }

  /** The bytes of the pages; null if there are none, or they are in their places already. */
  public ByteBuffer data() {
    return data;
  }

  /** The target page size in bytes. */
  public int pageSize() {
    return pageSize;
  }

  /** Bytes of the pages. */
  public int dataLength() {
    return pages * pageSize;
  }
}
