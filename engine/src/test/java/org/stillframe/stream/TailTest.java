/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailTest {

  @ParameterizedTest
  @CsvSource({"10, 3", "10, 10", "10, 25", "200000, 199999", "200000, 200000", "200000, 500001"})
  void keepsTheLastBytes(int limit, int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    for (int size : new int[] {1, 7, 70_000, length}) {
      Tail tail = new Tail(limit);
      for (int at = 0; at < length; at += size) {
        tail.put(ByteBuffer.wrap(bytes, at, Math.min(size, length - at)));
      }
      assertEquals(length, tail.total());
      assertArrayEquals(
          Arrays.copyOfRange(bytes, Math.max(0, length - limit), length), tail.bytes());
    }
  }
}
