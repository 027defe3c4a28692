/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands out work to channels, some MiB at a time: each byte to one channel. Thread-safe; the only
 * thing that channels share.
 */
public final class SharedCursor {
  /** So much goes to one channel at once, in bytes: little enough to end together. */
  public static final long PORTION = 4 << 20;

  private final long[] lengths;

  /** How many portions there are in the pieces before each, and in all of them. */
  private final long[] before;

  private final AtomicLong next = new AtomicLong();

  /**
   * Begins.
   *
   * @param lengths of the pieces of work in bytes, for example of RAM blocks
   */
  public SharedCursor(long[] lengths) {
    this.lengths = lengths.clone();
    before = new long[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      before[i + 1] = before[i] + (lengths[i] + PORTION - 1) / PORTION;
    }
  }

  /** Makes a place for a channel, before its first portion. */
  public Place place() {
    return new Place();
  }

  /** A channel's place. Used by one thread. */
  public final class Place {
    private int index;
    private long offset;
    private long length;

    private Place() {}

    /** Goes to another portion; false if there is none left. */
    public boolean next() {
      long portion = next.getAndIncrement();
      if (portion >= before[lengths.length]) {
        return false;
      }
      // Portions only grow, for each channel too.
      while (portion >= before[index + 1]) {
        index++;
      }
      offset = (portion - before[index]) * PORTION;
      length = Math.min(PORTION, lengths[index] - offset);
      return true;
    }

    /** Which piece of work it belongs to. */
    public int index() {
      return index;
    }

    /** Where it begins in the piece, in bytes. */
    public long offset() {
      return offset;
    }

    /** In bytes. */
    public long length() {
      return length;
    }
  }
}
