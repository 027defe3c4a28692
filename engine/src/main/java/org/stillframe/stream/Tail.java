/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Keeps the last bytes of what is put through it: a ring that grows up to a limit. */
final class Tail {
  private final int limit;
  private byte[] ring;

  /** All bytes put so far; they stand in the ring at their number modulo its length. */
  private long total;

  Tail(int limit) {
    this.limit = limit;
    this.ring = new byte[Math.min(limit, 64 << 10)];
  }

  /** Takes all that {@code chunk} has left. */
  void put(ByteBuffer chunk) {
    while (chunk.hasRemaining()) {
      if (total >= ring.length && ring.length < limit) {
        // Not yet wrapped while it grows: the ring is full, and its bytes are in order.
        ring = Arrays.copyOf(ring, (int) Math.min(2L * ring.length, limit));
      }
      int at = (int) (total % ring.length);
      int part = Math.min(chunk.remaining(), ring.length - at);
      chunk.get(ring, at, part);
      total += part;
    }
  }

  /** All bytes that were put, kept or not. */
  long total() {
    return total;
  }

  /** The kept bytes in order: all of them, or the last ones up to the limit. */
  byte[] bytes() {
    if (total <= ring.length) {
      return Arrays.copyOf(ring, (int) total);
    }
    int at = (int) (total % ring.length);
    byte[] bytes = new byte[ring.length];
    System.arraycopy(ring, at, bytes, 0, ring.length - at);
    System.arraycopy(ring, 0, bytes, ring.length - at, at);
    return bytes;
  }
}
