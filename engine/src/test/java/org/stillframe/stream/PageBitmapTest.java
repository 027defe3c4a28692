/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bitmap against one of the JDK's, and under several threads. */
class PageBitmapTest {
  /** A GiB of RAM and a bit: more than is taken at a time. */
  private static final int PAGES = (1 << 18) + 77;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);

  @Test
  void doesAsABitSetDoes() {
    PageBitmap bitmap = new PageBitmap(PAGES);
    BitSet model = new BitSet(PAGES);
    for (int i = 0; i < 5000; i++) {
      int first = random.nextInt(PAGES);
      int end = first + 1 + random.nextInt(Math.min(400, PAGES - first));
      if (random.nextInt(3) == 0) {
        bitmap.clear(first, end - first);
        model.clear(first, end);
      } else {
        boolean before = !model.get(first, end).isEmpty();
        assertEquals(before, bitmap.set(first, end - first), "seed " + seed);
        model.set(first, end);
      }
      int from = random.nextInt(PAGES);
      int set = model.nextSetBit(from);
      assertEquals(set < 0 ? PAGES : set, bitmap.nextSet(from, PAGES), "seed " + seed);
      assertEquals(
          Math.min(PAGES, model.nextClearBit(from)), bitmap.nextClear(from, PAGES), "seed " + seed);
      assertEquals(model.get(from), bitmap.get(from), "seed " + seed);
    }
    assertEquals(model.cardinality(), bitmap.count(), "seed " + seed);
    ByteBuffer out = ByteBuffer.allocate((int) bitmap.words() * 8).order(ByteOrder.LITTLE_ENDIAN);
    assertEquals(bitmap.words(), bitmap.store(0, out));
    assertArrayEquals(Arrays.copyOf(model.toByteArray(), out.capacity()), out.array());
  }

  @Test
  void threadsThatShareWordsLoseNoMark() throws Exception {
    PageBitmap bitmap = new PageBitmap(PAGES);
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      int own = t;
      threads[t] =
          new Thread(
              () -> {
                for (int page = own; page < PAGES; page += threads.length) {
                  bitmap.set(page, 1);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertEquals(PAGES, bitmap.count());
  }
}
