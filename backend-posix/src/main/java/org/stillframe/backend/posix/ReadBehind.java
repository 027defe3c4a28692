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

  private final PageCache cache;
  private long end;
  private long start;
  private boolean drop;
  private boolean dropNext;
  private boolean unknown;

  ReadBehind(PageCache cache) {
    this.cache = cache;
  }

  /** Bytes were read. */
  void hasRead(long from, long to) {
    if (from != end) {
      // Reads here and there cost no question: the first two windows of each run stay.
      start = from;
      drop = false;
      dropNext = false;
    }
    end = to;
    while (end - start >= WINDOW) {
      if (drop) {
        cache.drop(start, WINDOW);
      }
      start += WINDOW;
      drop = dropNext;
      // A whole window ahead, where the kernel has not yet read for us.
      dropNext = isOurs(start + WINDOW);
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
