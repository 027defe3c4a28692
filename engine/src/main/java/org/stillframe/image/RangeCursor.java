/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.stillframe.stream.MappedBlock;

/**
 * Deals the RAM of all blocks out to channels, each range once. A range is some requests long, so
 * that a channel reads and writes from front to back for a while, and storage and page cache see
 * it. Thread-safe.
 */
final class RangeCursor {
  private static final long UNIT = 1 << 20;
  private static final long LONGEST = 64 << 20;

  /** So many ranges for each channel, or more: then they end at about the same time. */
  private static final int SHARES = 16;

  private final List<MappedBlock> blocks;
  private final long length;

  /** By block: the number of its first range; behind the last, of all. */
  private final long[] first;

  private final AtomicLong next = new AtomicLong();

  RangeCursor(List<MappedBlock> blocks, int channels) {
    this.blocks = blocks;
    length = length(blocks.stream().mapToLong(block -> block.block().usedLength()).sum(), channels);
    first = new long[blocks.size() + 1];
    for (int i = 0; i < blocks.size(); i++) {
      first[i + 1] = first[i] + (blocks.get(i).block().usedLength() + length - 1) / length;
    }
  }

  /** How long ranges of so many bytes are, in bytes: whole MiB. */
  static long length(long total, int channels) {
    long share = total / ((long) channels * SHARES) / UNIT * UNIT;
    return Math.max(UNIT, Math.min(LONGEST, share));
  }

  /** Gives a range to a channel; false if there is none left. */
  boolean next(RunBatch.Range range) {
    long number = next.getAndIncrement();
    if (number >= first[blocks.size()]) {
      return false;
    }
    // Blocks are few, and ranges long.
    int index = 0;
    while (number >= first[index + 1]) {
      index++;
    }
    MappedBlock block = blocks.get(index);
    long begin = (number - first[index]) * length;
    long end = Math.min(block.block().usedLength(), begin + length);
    range.set(index, block, begin / block.pageSize(), end / block.pageSize());
    return true;
  }
}
