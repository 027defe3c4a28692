/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands out the RAM of a process to channels, some MiB at a time: each page to one channel.
 * Thread-safe; the only thing that channels share.
 */
final class MemoryCursor {
  /** So much goes to one channel at once, in bytes: little enough to end together. */
  static final long PORTION = 4 << 20;

  private final GuestMemory memory;

  /** How many portions there are in the areas before each, and in all of them. */
  private final long[] before;

  private final AtomicLong next = new AtomicLong();

  MemoryCursor(GuestMemory memory) {
    this.memory = memory;
    before = new long[memory.areas().size() + 1];
    for (int i = 0; i < memory.areas().size(); i++) {
      long length = memory.areas().get(i).block().usedLength();
      before[i + 1] = before[i] + (length + PORTION - 1) / PORTION;
    }
  }

  /** A channel's place. Used by one thread. */
  final class Portion {
    private int index;
    private long offset;
    private long length;

    /** Goes to another portion; false if there is none left. */
    boolean next() {
      long portion = next.getAndIncrement();
      if (portion >= before[memory.areas().size()]) {
        return false;
      }
      // Portions only grow, for each channel too.
      while (portion >= before[index + 1]) {
        index++;
      }
      offset = (portion - before[index]) * PORTION;
      length = Math.min(PORTION, area().block().usedLength() - offset);
      return true;
    }

    GuestMemory.Area area() {
      return memory.areas().get(index);
    }

    /** Where it begins in the block, in bytes. */
    long offset() {
      return offset;
    }

    /** In bytes. */
    long length() {
      return length;
    }
  }
}
