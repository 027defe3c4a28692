/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.system.HugePages;

class BufferPoolTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 512, 4096, 65536})
  void buffersAreDirectAlignedAndOfTheirSize(int alignment) {
    BufferPool pool = new BufferPool(5, 65536, alignment);
    assertEquals(5, pool.all().size());
    for (ByteBuffer buffer : pool.all()) {
      assertTrue(buffer.isDirect());
      assertEquals(65536, buffer.capacity());
      assertEquals(0, buffer.alignmentOffset(0, alignment));
    }
  }

  @ParameterizedTest
  @CsvSource({"8, 1048576, 4096", "3, 786432, 1", "2, 1048576, 65536", "1, 2097152, 2097152"})
  void buffersThatFillHugePagesLieNextToEachOther(int count, int size, int alignment) {
    BufferPool pool = new BufferPool(count, size, alignment);
    assertEquals(count, pool.all().size());
    for (int i = 0; i < count; i++) {
      ByteBuffer buffer = pool.get(i);
      assertTrue(buffer.isDirect());
      assertEquals(size, buffer.capacity());
      assertEquals(i * size % HugePages.SIZE, buffer.alignmentOffset(0, HugePages.SIZE));
      buffer.put(0, (byte) i).put(size - 1, (byte) i);
    }
    for (int i = 0; i < count; i++) {
      assertEquals(i, pool.get(i).get(0), "buffers must not overlap");
      assertEquals(i, pool.get(i).get(size - 1), "buffers must not overlap");
    }
  }

  @Test
  void whatIsAllocatedBesidesIsAlignedAsThePool() {
    ByteBuffer other = new BufferPool(1, 65536, 65536).another(1 << 17);
    assertEquals(1 << 17, other.capacity());
    assertEquals(0, other.alignmentOffset(0, 65536));
  }

  @Test
  void eachBufferIsTakenByOneAtATime() {
    BufferPool pool = new BufferPool(3, 4096, 1);
    Set<Integer> taken = new HashSet<>();
    for (int i = 0; i < 3; i++) {
      taken.add(pool.take());
    }
    assertEquals(Set.of(0, 1, 2), taken);
    assertEquals(-1, pool.take());
    assertEquals(-1, pool.take());
    pool.give(1);
    assertEquals(1, pool.take());
    assertEquals(-1, pool.take());
    pool.give(2);
    pool.give(0);
    assertEquals(2, pool.take() + pool.take());
    assertEquals(-1, pool.take());
  }

  @Test
  void anIndexAlwaysMeansTheSameMemory() {
    BufferPool pool = new BufferPool(4, 4096, 4096);
    for (int i = 0; i < 4; i++) {
      assertSame(pool.all().get(i), pool.get(i));
      pool.get(i).put(0, (byte) i);
    }
    for (int i = 0; i < 4; i++) {
      assertEquals(i, pool.get(i).get(0), "buffers must not overlap");
    }
  }
}
