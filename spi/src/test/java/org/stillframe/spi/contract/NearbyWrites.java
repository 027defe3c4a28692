/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/** Writes of a backend and of somebody else, in turn, close to each other and to the same pages. */
final class NearbyWrites {
  private static final int LENGTH = 8192;

  private NearbyWrites() {}

  /** Exchanges them on a target whose first 8192 bytes are known. */
  static void exchange(FileChannel others, Requests requests, byte[] present) throws IOException {
    byte[] expected = Arrays.copyOf(present, LENGTH);
    for (int i = 0; i < 20; i++) {
      byte[] theirs = Bytes.random(100 + i, 100);
      byte[] ours = Bytes.random(200 + i, 100);
      int at = 3500 + i * 50;
      store(others, theirs, at, expected);
      assertArrayEquals(Arrays.copyOf(expected, 6000), requests.read(0, 6000), "round " + i);
      store(others, theirs, at + 100, expected);
      requests.write(ours, at + 200);
      System.arraycopy(ours, 0, expected, at + 200, 100);
      assertArrayEquals(expected, Bytes.stored(others, 0, LENGTH), "round " + i);
    }
  }

  private static void store(FileChannel others, byte[] bytes, int at, byte[] expected)
      throws IOException {
    assertEquals(bytes.length, others.write(ByteBuffer.wrap(bytes), at));
    System.arraycopy(bytes, 0, expected, at, bytes.length);
  }
}
