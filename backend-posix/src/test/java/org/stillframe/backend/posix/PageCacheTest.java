/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.contract.Bench;
import org.stillframe.spi.contract.Descriptor;

/** What an image that goes by from front to back leaves in the page cache of a disk. */
class PageCacheTest {
  private static final int REQUEST = 1 << 20;
  private static final long SIZE = 20 * ReadBehind.WINDOW;

  private final ByteBuffer buffer = ByteBuffer.allocateDirect(REQUEST);
  private Bench bench;
  private PageCache cache;
  private StateFile file;

  @BeforeEach
  void writeAFile() throws IOException {
    bench = new Bench(new PosixContractTest());
    Path path = bench.file();
    Descriptor descriptor =
        bench.descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    file = bench.opened(bench.target(path, descriptor), OpenMode.WRITE, Set.of());
    cache = new PageCache(new PosixNative(), descriptor.number());
    pass(true, 0, REQUEST, SIZE);
  }

  @AfterEach
  void clear() throws IOException {
    bench.close();
  }

  private void pass(boolean write, long from, long step, long to) throws IOException {
    try (IoQueue queue = file.openQueue(1, List.of())) {
      for (long at = from; at < to; at += step) {
        if (write) {
          queue.write(buffer.clear(), at, 0);
        } else {
          queue.read(buffer.clear(), at, 0);
        }
        queue.reap(
            1,
            (tag, count, failure) -> {
              assertEquals(null, failure);
              assertEquals(REQUEST, count);
            });
      }
    }
  }

  private long held() {
    long held = cache.holds(0, SIZE);
    assertNotEquals(PageCache.UNKNOWN, held, "cachestat(2) needs Linux 6.5");
    return held;
  }

  private void dropAll() throws IOException {
    file.sync();
    cache.drop(0, SIZE);
    assertEquals(0, held());
  }

  @Test
  void whatIsWrittenLeavesLittle() {
    assertTrue(held() < SIZE / 2, held() + " bytes");
  }

  @Test
  void whatIsWrittenWithHolesLeavesLittle() throws IOException {
    dropAll();
    pass(true, 0, 2 * REQUEST, SIZE);
    assertTrue(held() < SIZE / 4, held() + " bytes, of half of the file");
  }

  @Test
  void whatIsReadLeavesLittle() throws IOException {
    dropAll();
    pass(false, 0, REQUEST, SIZE);
    assertTrue(held() > 0, "the first windows and the last stay");
    assertTrue(held() < SIZE / 2, held() + " bytes");
  }

  @Test
  void whatTwoQueuesReadInTurnLeavesLittle() throws IOException {
    dropAll();
    try (IoQueue first = file.openQueue(1, List.of());
        IoQueue second = file.openQueue(1, List.of())) {
      for (long at = 0; at < SIZE; at += 4L * REQUEST) {
        IoQueue queue = at / (4L * REQUEST) % 2 == 0 ? first : second;
        for (long part = at; part < at + 4L * REQUEST; part += REQUEST) {
          queue.read(buffer.clear(), part, 0);
          queue.reap(1, (tag, count, failure) -> assertEquals(REQUEST, count));
        }
      }
    }
    assertTrue(held() < SIZE / 2, held() + " bytes");
  }

  @Test
  void whatWasCachedBeforeStays() throws IOException {
    dropAll();
    // From back to front, and so by nobody who passes through.
    for (long at = SIZE - REQUEST; at >= 0; at -= REQUEST) {
      pass(false, at, REQUEST, at + REQUEST);
    }
    // The system may have taken some of it for others.
    assertTrue(held() > SIZE / 10 * 9, held() + " bytes");
    pass(false, 0, REQUEST, SIZE);
    assertTrue(held() > SIZE / 10 * 9, held() + " bytes");
  }
}
