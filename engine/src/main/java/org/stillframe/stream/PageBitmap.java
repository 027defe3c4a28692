/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * Which pages of a block have their bytes in a mapped file: a bit each. Memory is taken only where
 * bits are set, 32 KiB for a GiB of RAM.
 *
 * <p>Thread-safe without locks: channels set and clear bits of different pages at once. Who asks
 * about a page while another thread changes it gets either answer.
 */
public final class PageBitmap {
  /** Pages of one word. */
  static final int WORD_PAGES = Long.SIZE;

  private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);

  private static final int CHUNK_BITS = 12;
  private static final int CHUNK_WORDS = 1 << CHUNK_BITS;

  private final long pages;
  private final AtomicReferenceArray<long[]> chunks;

  /**
   * Makes a bitmap with no bit set.
   *
   * @param pages how many there are, up to 2<sup>43</sup>
   */
  public PageBitmap(long pages) {
    this.pages = pages;
    long perChunk = (long) CHUNK_WORDS * WORD_PAGES;
    chunks = new AtomicReferenceArray<>(Math.toIntExact((pages + perChunk - 1) / perChunk));
  }

  /** How many pages there are. */
  public long pages() {
    return pages;
  }

  /** How many 64-bit words the bitmap has in a file. */
  long words() {
    return (pages + WORD_PAGES - 1) / WORD_PAGES;
  }

  /** Whether a page is marked. */
  public boolean get(long page) {
    return (word(page / WORD_PAGES) >>> page & 1) != 0;
  }

  /**
   * Marks pages.
   *
   * @return whether any of them was marked before
   */
  public boolean set(long first, long count) {
    long before = 0;
    for (long page = first; page < first + count; ) {
      long mask = mask(page, first + count);
      long index = page / WORD_PAGES;
      long[] chunk = chunk((int) (index >>> CHUNK_BITS));
      before |= mask & (long) WORD.getAndBitwiseOr(chunk, (int) index & CHUNK_WORDS - 1, mask);
      page = (index + 1) * WORD_PAGES;
    }
    return before != 0;
  }

  /** Takes the marks of pages away. */
  public void clear(long first, long count) {
    for (long page = first; page < first + count; ) {
      long mask = mask(page, first + count);
      long index = page / WORD_PAGES;
      long[] chunk = chunks.get((int) (index >>> CHUNK_BITS));
      if (chunk != null) {
        long old = (long) WORD.getAndBitwiseAnd(chunk, (int) index & CHUNK_WORDS - 1, ~mask);
      }
      page = (index + 1) * WORD_PAGES;
    }
  }

  /** The bits of the word of {@code page} that stand for it and the pages behind it. */
  private static long mask(long page, long end) {
    long mask = -1L << page;
    long wordEnd = (page / WORD_PAGES + 1) * WORD_PAGES;
    return end < wordEnd ? mask & (1L << end) - 1 : mask;
  }

  private long[] chunk(int index) {
    long[] chunk = chunks.get(index);
    if (chunk == null) {
      chunks.compareAndSet(index, null, new long[CHUNK_WORDS]);
      chunk = chunks.get(index);
    }
    return chunk;
  }

  private long word(long index) {
    long[] chunk = chunks.get((int) (index >>> CHUNK_BITS));
    return chunk == null ? 0 : (long) WORD.getVolatile(chunk, (int) index & CHUNK_WORDS - 1);
  }

  /**
   * The first marked page at or behind {@code from} and before {@code end}; {@code end} if none.
   */
  public long nextSet(long from, long end) {
    return next(from, end, 0);
  }

  /** The first page at or behind {@code from} that is not marked; {@code end} if none before it. */
  public long nextClear(long from, long end) {
    return next(from, end, -1);
  }

  private long next(long from, long end, long flip) {
    long page = from;
    while (page < end) {
      long index = page / WORD_PAGES;
      if (flip == 0 && chunks.get((int) (index >>> CHUNK_BITS)) == null) {
        page = ((index >>> CHUNK_BITS) + 1 << CHUNK_BITS) * WORD_PAGES;
        continue;
      }
      long bits = (word(index) ^ flip) & -1L << page;
      if (bits != 0) {
        return Math.min(end, index * WORD_PAGES + Long.numberOfTrailingZeros(bits));
      }
      page = (index + 1) * WORD_PAGES;
    }
    return end;
  }

  /** How many pages are marked. */
  public long count() {
    long count = 0;
    for (int i = 0; i < chunks.length(); i++) {
      long[] chunk = chunks.get(i);
      if (chunk != null) {
        for (long word : chunk) {
          count += Long.bitCount(word);
        }
      }
    }
    return count;
  }

  /** Whether a word of the file marks pages that there are not. */
  boolean marksTooMany(long index, long word) {
    long left = pages - index * WORD_PAGES;
    return left < WORD_PAGES && word >>> left != 0;
  }

  /** Takes over a word as the file has it, in a bitmap that nobody else uses yet. */
  void load(long index, long word) {
    if (word != 0) {
      chunk((int) (index >>> CHUNK_BITS))[(int) index & CHUNK_WORDS - 1] = word;
    }
  }

  /**
   * Writes words as a file has them, as many as fit.
   *
   * @param from the first word
   * @param out little-endian
   * @return the word to go on with; {@link #words} when all is written
   */
  long store(long from, ByteBuffer out) {
    long index = from;
    for (long end = words(); index < end && out.remaining() >= Long.BYTES; index++) {
      out.putLong(word(index));
    }
    return index;
  }
}
