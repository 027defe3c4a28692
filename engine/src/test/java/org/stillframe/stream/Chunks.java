/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Supplies bytes in chunks of one size through one buffer that is spoilt before it is filled again:
 * whoever looks at a chunk that was given back reads garbage.
 */
final class Chunks implements StreamInput.Supply {
  private final byte[] bytes;
  private final int end;
  private final byte[] buffer;
  private int next;

  private Chunks(byte[] bytes, int end, int size) {
    this.bytes = bytes;
    this.end = end;
    this.buffer = new byte[size];
  }

  /** All of the bytes, in chunks of the given size. */
  static StreamInput input(byte[] bytes, int size) {
    return input(bytes, bytes.length, size);
  }

  /** The bytes up to {@code end}, in chunks of the given size. */
  static StreamInput input(byte[] bytes, int end, int size) {
    return new StreamInput(new Chunks(bytes, end, size));
  }

  @Override
  public ByteBuffer next() {
    Arrays.fill(buffer, (byte) 0xa5);
    if (next == end) {
      return null;
    }
    int count = Math.min(buffer.length, end - next);
    System.arraycopy(bytes, next, buffer, 0, count);
    next += count;
    // The order is not the stream's, and must not matter.
    return ByteBuffer.wrap(buffer, 0, count).order(ByteOrder.LITTLE_ENDIAN);
  }
}
