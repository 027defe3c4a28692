/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.List;
import org.stillframe.channel.SharedCursor;
import org.stillframe.stream.MappedBlock;

/** Runs of stored pages that travel in one buffer. Used by one thread. */
final class RunBatch {
  /** Pages of one batch, in bytes at the most. */
  static final int LENGTH = 1 << 20;

  /** Pages here and there would make the batch wait for too many requests. */
  private static final int MOST = 256;

  private final int[] blocks = new int[MOST];
  private final long[] offsets = new long[MOST];
  private final int[] lengths = new int[MOST];
  private int count;
  private int buffer;

  /** The portion of RAM at hand, and how much of it is taken; when it is used up, another. */
  static final class Range {
    private final List<MappedBlock> blocks;
    private final SharedCursor.Place portion;
    private long page;
    private long end;

    Range(List<MappedBlock> blocks, SharedCursor.Place portion) {
      this.blocks = blocks;
      this.portion = portion;
    }

    private MappedBlock block() {
      return blocks.get(portion.index());
    }

    /** Goes to the next page that is stored; false if there is none left. */
    private boolean next() {
      for (; ; ) {
        if (page < end) {
          page = block().bitmap().nextSet(page, end);
        }
        if (page < end) {
          return true;
        }
        if (!portion.next()) {
          return false;
        }
        page = portion.offset() / block().pageSize();
        end = page + portion.length() / block().pageSize();
      }
    }
  }

  /**
   * Takes the next runs, and the parts of the image that hold them.
   *
   * @param range whose portions follow each other in the image if one channel gets them: a batch
   *     may hold runs of several
   * @param in the buffer of that index, where the parts go
   * @return false if there are none left
   */
  boolean fill(Range range, PartBatch parts, int in) {
    count = 0;
    buffer = in;
    int room = LENGTH;
    while (count < MOST && range.next()) {
      MappedBlock block = range.block();
      long most = room / block.pageSize();
      if (most == 0) {
        break;
      }
      long first = range.page;
      range.page = block.bitmap().nextClear(first, Math.min(range.end, first + most));
      blocks[count] = range.portion.index();
      offsets[count] = first * block.pageSize();
      lengths[count] = (int) (range.page - first) * block.pageSize();
      parts.add(block.position(offsets[count]), lengths[count], block.pageSize());
      room -= lengths[count++];
    }
    return count > 0;
  }

  int count() {
    return count;
  }

  /** The index of a run's block in the list of blocks. */
  int block(int run) {
    return blocks[run];
  }

  /** Where a run begins in its block, in bytes. */
  long offset(int run) {
    return offsets[run];
  }

  /** In bytes: whole pages. */
  int length(int run) {
    return lengths[run];
  }

  /** The index of the buffer. */
  int buffer() {
    return buffer;
  }
}
