/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.SplittableRandom;

/** Bytes to store, and direct buffers that hold them. */
final class Bytes {
  private Bytes() {}

  /** Bytes that look like no others. */
  static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  /** A direct buffer that holds a copy. */
  static ByteBuffer direct(byte... bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  /** A direct buffer of {@code length} bytes that begins {@code skew} after a page boundary. */
  static ByteBuffer skewed(int length, int skew) {
    return ByteBuffer.allocateDirect(length + skew + 8192)
        .alignedSlice(4096)
        .position(skew)
        .limit(skew + length)
        .slice();
  }

  /** A direct buffer full of one byte. */
  static ByteBuffer filled(int length, int value) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(length);
    while (buffer.hasRemaining()) {
      buffer.put((byte) value);
    }
    return buffer.flip();
  }

  /** What is stored from an offset on, up to {@code length} bytes, read by the JDK. */
  static byte[] stored(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && channel.read(buffer, offset + buffer.position()) >= 0) {}
    return of(buffer.flip());
  }

  /** A copy of what remains in a buffer, which stays as it is. */
  static byte[] of(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }
}
