/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Hands out work to channels, a portion at a time: each byte to one channel. Thread-safe; the only
 * thing that channels share.
 */
public final class SharedCursor {
  /** So much goes to one channel at once, in bytes: little enough to end together. */
  public static final long PORTION = 4 << 20;

  private static final long UNIT = 1 << 20;
  private static final long LONGEST = 64 << 20;

  /** So many shares for each channel, or more: then they end at about the same time. */
  private static final int SHARES = 16;

  private final long[] lengths;
  private final long most;

  /** How many portions there are in the pieces before each, and in all of them. */
  private final long[] before;

  private final AtomicLong next = new AtomicLong();

  /**
   * Begins, with portions of {@link #PORTION} bytes.
   *
   * @param lengths of the pieces of work in bytes, for example of RAM blocks
   */
  public SharedCursor(long[] lengths) {
    this(lengths, PORTION);
  }

  /**
   * Begins.
   *
   * @param lengths of the pieces of work in bytes
   * @param most of a portion in bytes, more than 0; the last of each piece is what is left
   */
  public SharedCursor(long[] lengths, long most) {
    this.lengths = lengths.clone();
    this.most = most;
    before = new long[lengths.length + 1];
    for (int i = 0; i < lengths.length; i++) {
      before[i + 1] = before[i] + (lengths[i] + most - 1) / most;
    }
  }

  /**
   * How long portions are that are some requests long, so that a channel reads and writes from
   * front to back for a while, and storage and page cache see it.
   *
   * @param total of all work in bytes
   * @param channels how many share it
   * @return in bytes: whole MiB, 64 at the most
   */
  public static long share(long total, int channels) {
    long share = total / ((long) channels * SHARES) / UNIT * UNIT;
    return Math.max(UNIT, Math.min(LONGEST, share));
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
      offset = (portion - before[index]) * most;
      length = Math.min(most, lengths[index] - offset);
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
