/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.kenai.jffi.MemoryIO;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On memory of this process, of which some pages are written and some only read. */
class PresentPagesTest {
  private static final int PAGES = 4096;
  private static final MemoryIO MEMORY = MemoryIO.getInstance();

  private final SystemCalls system = new SystemCalls();

  // So large that the C library always maps it anew, and leaves it untouched.
  private final long allocated = MEMORY.allocateMemory(64 << 20, false);
  private final long begin = (allocated / PresentPages.PAGE + 1) * PresentPages.PAGE;

  @AfterEach
  void free() {
    MEMORY.freeMemory(allocated);
  }

  private long page(int index) {
    return begin + (long) index * PresentPages.PAGE;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatWasWrittenIsThere(boolean scans) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    BitSet written = new BitSet();
    for (int at = 0; at < PAGES; at += 1 + random.nextInt(60)) {
      int end = Math.min(PAGES, at + 1 + random.nextInt(20));
      for (; at < end; at++) {
        MEMORY.putLong(page(at) + random.nextInt(500) * 8L, 0);
        written.set(at);
      }
    }
    try (Descriptor map = open()) {
      PresentPages present = new PresentPages(system, map, scans);
      int runs = present.look(begin, (long) PAGES * PresentPages.PAGE);
      BitSet told = new BitSet();
      for (int run = 0; run < runs; run++) {
        told.set(index(present.begin(run)), index(present.end(run)));
        assertTrue(run == 0 || present.begin(run) > present.end(run - 1), "seed " + seed);
      }
      told.xor(written);
      assertEquals(-1, told.nextSetBit(0), "seed " + seed);
      for (int i = 0; i < PAGES; i++) {
        assertEquals(written.get(i), present.isPresent(page(i)), "seed " + seed + ", page " + i);
      }
      assertEquals(0, present.look(page(written.length()), 0));
    }
  }

  @Test
  void aScanTellsWhatWasOnlyReadFromWhatWasWritten() throws Exception {
    MEMORY.putLong(page(7), 1);
    for (int i = 0; i < PAGES; i++) {
      assertEquals(i == 7 ? 1 : 0, MEMORY.getLong(page(i)));
    }
    try (Descriptor map = open()) {
      int runs = new PresentPages(system, map, false).look(begin, PAGES * PresentPages.PAGE);
      assertEquals(1, runs, "the map itself does not tell them apart");
      PresentPages present = new PresentPages(system, map, true);
      runs = present.look(begin, PAGES * PresentPages.PAGE);
      if (runs == 1 && present.begin(0) == begin) {
        return; // A kernel before 6.7 cannot scan.
      }
      assertEquals(1, runs);
      assertEquals(7, index(present.begin(0)));
      assertEquals(8, index(present.end(0)));
    }
  }

  private int index(long address) {
    return (int) ((address - begin) / PresentPages.PAGE);
  }

  private Descriptor open() throws Exception {
    return system.open(Path.of("/proc/self/pagemap"), OpenFlags.READ_ONLY, 0);
  }
}
