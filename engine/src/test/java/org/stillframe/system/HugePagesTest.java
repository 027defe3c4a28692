/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HugePagesTest {
  private final HugePages pages = new HugePages(new SystemCalls());

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, HugePages.SIZE - 1, HugePages.SIZE, 3 * HugePages.SIZE + 1})
  void aBufferIsDirectAlignedZeroAndOfItsSize(int size) {
    ByteBuffer buffer = pages.allocate(size);
    assertTrue(buffer.isDirect());
    assertEquals(size, buffer.capacity());
    assertEquals(0, buffer.position());
    assertEquals(size, buffer.limit());
    if (size > 0) {
      assertEquals(0, buffer.alignmentOffset(0, HugePages.SIZE));
    }
    while (buffer.hasRemaining()) {
      assertEquals(0, buffer.get());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void itsMemoryIsInHugePages(int count) throws Exception {
    long before = huge();
    ByteBuffer buffer = pages.allocate(count * HugePages.SIZE);
    assertEquals(before + (long) count * HugePages.SIZE, huge());
    Reference.reachabilityFence(buffer);
  }

  /** How much of this process lies in huge pages; Linux 6.1 or newer has them on request. */
  private static long huge() throws Exception {
    return Files.readAllLines(Path.of("/proc/self/smaps_rollup")).stream()
        .filter(line -> line.startsWith("AnonHugePages:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .sum();
  }
}
