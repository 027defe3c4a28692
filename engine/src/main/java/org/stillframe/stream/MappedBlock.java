/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.Objects;
import java.util.Optional;

/**
 * A block of a mapped file: where it lies, and which of its pages have their bytes there. The
 * bitmap may change, the rest is immutable.
 */
public record MappedBlock(RamBlock block, MappedHeader header, PageBitmap bitmap) {
  /** Checks that nothing is null. */
  public MappedBlock {
    Objects.requireNonNull(block, "block");
    Objects.requireNonNull(header, "header");
    Objects.requireNonNull(bitmap, "bitmap");
  }

  /** How long the bitmap is in the file, in bytes: whole 64-bit words. */
  static long bitmapLength(long usedLength, long pageSize) {
    long pages = usedLength / pageSize;
    return (pages + PageBitmap.WORD_PAGES - 1) / PageBitmap.WORD_PAGES * Long.BYTES;
  }

  /** The absolute offset in the file of a byte of the block. */
  public long position(long offset) {
    return header.pagesOffset() + offset;
  }

  /** The absolute offset in the file where the page area ends. */
  public long end() {
    return header.pagesOffset() + block.usedLength();
  }

  /** What messages call it. */
  public String label() {
    return "RAM block " + block.name();
  }

  /** The page size in bytes. */
  public int pageSize() {
    return (int) header.pageSize();
  }

  /** What the file holds of the block as of now. */
  BlockSummary summary() {
    long stored = bitmap.count();
    return new BlockSummary(block, stored, bitmap.pages() - stored, 0, Optional.of(header));
  }
}
