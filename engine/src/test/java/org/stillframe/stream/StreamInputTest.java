/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.error.DamagedException;

class StreamInputTest {

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 5, 7, 8, 64})
  void readsValuesThatStraddleChunks(int size) throws Exception {
    byte[] bytes =
        new StreamBuilder()
            .u8(0xfe)
            .u16(0xfedc)
            .u32(0xfedcba98L)
            .u64(0xfedcba9876543210L)
            .text("näme")
            .raw((byte) 1, (byte) 2, (byte) 3, (byte) 4, (byte) 5, (byte) 6)
            .bytes();
    StreamInput input = Chunks.input(bytes, size);
    assertFalse(input.atEnd());
    assertEquals(0xfe, input.u8());
    assertEquals(0xfedc, input.u16());
    assertEquals(3, input.lookAhead(3));
    assertEquals(0xdc, input.peek(1));
    assertEquals(3, input.position());
    assertEquals(0xfedcba98L, input.u32());
    assertEquals(0xfedcba9876543210L, input.u64());
    assertEquals("näme", input.text(5));
    assertEquals(20, input.position());
    ByteBuffer two = ByteBuffer.allocateDirect(2);
    input.copyTo(two);
    assertEquals(0x0102, two.getShort(0));
    input.skip(1);
    assertArrayEquals(new byte[] {4, 5}, input.bytes(2));
    assertEquals(1, input.lookAhead(9), "fewer are left");
    assertEquals(6, input.u8());
    assertTrue(input.atEnd());
    assertEquals(26, input.position());
    assertEquals(0, input.lookAhead(1));
  }

  @Test
  void saysWhereAndInsideWhatItEnded() {
    StreamInput input = Chunks.input(new byte[5], 2);
    input.reading("a thing");
    DamagedException e = assertThrows(DamagedException.class, () -> input.skip(6));
    assertTrue(
        e.getMessage().contains("at byte 5, a thing: it ends inside a thing"), e.getMessage());
    assertThrows(IllegalArgumentException.class, () -> input.skip(-1));
  }

  @Test
  void passesOverEmptyChunksAndStartsAtAChunksPosition() throws Exception {
    ByteBuffer offset = ByteBuffer.wrap(new byte[] {9, 1, 2, 9}, 1, 2);
    Iterator<ByteBuffer> chunks =
        List.of(ByteBuffer.allocate(0), offset, ByteBuffer.allocate(0)).iterator();
    StreamInput input = new StreamInput(() -> chunks.hasNext() ? chunks.next() : null);
    assertEquals(0x0102, input.u16());
    assertEquals(2, input.position());
    assertTrue(input.atEnd());
    assertEquals(2, offset.remaining(), "the supply's buffer is left as it was");
  }

  @Test
  void bytesCanBeUsedWhereTheyStand() throws Exception {
    ByteBuffer direct = ByteBuffer.allocateDirect(8).putLong(0x0102030405060708L).flip();
    Iterator<ByteBuffer> chunks = List.of(direct, ByteBuffer.wrap(new byte[8])).iterator();
    StreamInput input = new StreamInput(() -> chunks.hasNext() ? chunks.next() : null);
    input.u16();
    ByteBuffer six = input.inPlace(6);
    assertEquals(3, six.get(six.position()));
    assertEquals(2, input.position(), "nothing was consumed");
    assertNull(input.inPlace(7), "they straddle chunks");
    input.skip(7);
    assertNull(input.inPlace(1), "the chunk is not direct");
  }
}
