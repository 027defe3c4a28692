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
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HugePagesTest {
  private static final Pattern AREA = Pattern.compile("([0-9a-f]+)-([0-9a-f]+) ");

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

  /** So much that it is no memory that was used before. */
  @Test
  void itsMemoryIsInHugePages() throws Exception {
    int size = 64 << 20;
    SystemCalls system = new SystemCalls();
    ByteBuffer buffer = new HugePages(system).allocate(size);
    long huge = huge(system.libc().address(buffer));
    assertTrue(
        huge >= size, huge + " of " + size + " bytes; Linux 6.1 or newer has them on request");
    Reference.reachabilityFence(buffer);
  }

  /** How many bytes of the area around an address of this process lie in huge pages. */
  private static long huge(long address) throws Exception {
    boolean within = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      Matcher area = AREA.matcher(line);
      if (area.lookingAt()) {
        within =
            Long.parseUnsignedLong(area.group(1), 16) <= address
                && address < Long.parseUnsignedLong(area.group(2), 16);
      } else if (within && line.startsWith("AnonHugePages:")) {
        return Long.parseLong(line.replaceAll("\\D", "")) << 10;
      }
    }
    return 0;
  }
}
