/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.List;
import org.stillframe.stream.MappedBlock;

/**
 * Goes over the pages of a mapped image in order, run by run: pages that are stored next to each
 * other, or pages of zeros next to each other. Used by one thread at a time.
 */
final class RunCursor {
  /** The longest run, in bytes. */
  private final long longest;

  private final List<MappedBlock> blocks;
  private int index;
  private long page;

  private MappedBlock block;
  private long offset;
  private long length;
  private boolean stored;

  RunCursor(List<MappedBlock> blocks, long longest) {
    this.blocks = blocks;
    this.longest = longest;
  }

  /** Goes to the next run; false if there is none. */
  boolean next() {
    while (index < blocks.size() && page == blocks.get(index).bitmap().pages()) {
      index++;
      page = 0;
    }
    if (index == blocks.size()) {
      return false;
    }
    block = blocks.get(index);
    int pageSize = block.pageSize();
    long end = Math.min(block.bitmap().pages(), page + longest / pageSize);
    stored = block.bitmap().get(page);
    long next = stored ? block.bitmap().nextClear(page, end) : block.bitmap().nextSet(page, end);
    offset = page * pageSize;
    length = (next - page) * pageSize;
    page = next;
    return true;
  }

  MappedBlock block() {
    return block;
  }

  /** Where the run begins in its block, in bytes. */
  long offset() {
    return offset;
  }

  /** In bytes: whole pages. */
  long length() {
    return length;
  }

  /** Whether the pages have their bytes in the image; if not, they are zeros. */
  boolean stored() {
    return stored;
  }
}
