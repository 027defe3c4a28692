/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

/**
 * Follows a file that is read from front to back, and drops each window from the page cache once it
 * is read, unless it was in the cache before: then somebody wants it there. So the same few pages
 * are filled again and again, and an image that is read once does not push everything else out of
 * the host's memory. Where the kernel does not tell what is cached, nothing is dropped. Used by one
 * thread.
 */
final class ReadBehind {
  static final long WINDOW = 8L << 20;

  /**
   * So many windows ahead the cache is looked at: the kernel's own reading ahead, and that of
   * another queue which takes turns with this one, have not been there yet.
   */
  static final int AHEAD = 4;

  /** A reader who skips no more than this still goes from front to back. */
  private static final long REACH = 4 * WINDOW;

  private final PageCache cache;
  private long end;
  private long start;

  /** A bit for each window from {@link #start} on: whether it was not in the cache before. */
  private int ours;

  private boolean unknown;

  ReadBehind(PageCache cache) {
    this.cache = cache;
  }

  /** Bytes were read. */
  void hasRead(long from, long to) {
    if (from < end || from - end > REACH) {
      // Reads here and there cost no question: the first windows of each run stay.
      start = from;
      ours = 0;
    }
    end = to;
    // One window late: another queue may still be reading beside this one.
    while (end - start >= 2 * WINDOW) {
      if ((ours & 1) != 0) {
        cache.drop(start, WINDOW);
      }
      start += WINDOW;
      ours >>>= 1;
      if (isOurs(start + AHEAD * WINDOW)) {
        ours |= 1 << AHEAD;
      }
    }
  }

  private boolean isOurs(long window) {
    if (unknown) {
      return false;
    }
    long held = cache.holds(window, WINDOW);
    unknown = held == PageCache.UNKNOWN;
    return !unknown && held < WINDOW / 2;
  }
}
