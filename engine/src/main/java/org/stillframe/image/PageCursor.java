/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.stillframe.stream.MappedBlock;

/**
 * Hands out the pages of all blocks to channels, some MiB at a time: each page to one channel.
 * Thread-safe; the only thing that channels share.
 */
final class PageCursor {
  /** So much goes to one channel at once, in bytes: little enough to end together. */
  private static final long PORTION = 4 << 20;

  private final List<MappedBlock> blocks;

  /** How many portions there are in the blocks before each, and in all of them. */
  private final long[] before;

  private final AtomicLong next = new AtomicLong();

  PageCursor(List<MappedBlock> blocks) {
    this.blocks = List.copyOf(blocks);
    before = new long[blocks.size() + 1];
    for (int i = 0; i < blocks.size(); i++) {
      long length = blocks.get(i).block().usedLength();
      before[i + 1] = before[i] + (length + PORTION - 1) / PORTION;
    }
  }

  /** A channel's place. Used by one thread. */
  final class Portion {
    private int index;
    private long page;
    private long end;

    /** Goes to another portion; false if there is none left. */
    boolean next() {
      long portion = next.getAndIncrement();
      if (portion >= before[blocks.size()]) {
        return false;
      }
      // Portions only grow, for each channel too.
      while (portion >= before[index + 1]) {
        index++;
      }
      long perPortion = PORTION / block().pageSize();
      page = (portion - before[index]) * perPortion;
      end = Math.min(block().bitmap().pages(), page + perPortion);
      return true;
    }

    MappedBlock block() {
      return blocks.get(index);
    }

    /** The first page. */
    long page() {
      return page;
    }

    /** The page behind the last. */
    long end() {
      return end;
    }
  }
}
