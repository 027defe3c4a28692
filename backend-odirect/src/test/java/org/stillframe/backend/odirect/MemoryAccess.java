/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import jnr.constants.platform.Errno;

/**
 * A file in memory that is as strict as the strictest file system, and moves as little as it
 * pleases: it interrupts calls, cuts them short, and ends where it likes.
 */
final class MemoryAccess implements DirectAccess {
  private final Geometry geometry;
  private final SplittableRandom random;
  private final int unit;
  byte[] content;
  int failure;
  int edges;

  /** Cuts calls short at multiples of {@code unit}, by chance; 0 for never. */
  MemoryAccess(Geometry geometry, byte[] content, long seed, int unit) {
    this.geometry = geometry;
    this.content = content;
    this.unit = unit;
    random = new SplittableRandom(seed);
  }

  /** How much of a call is done, or the negative errno. */
  private long outcome(long length) {
    if (failure != 0) {
      return -failure;
    }
    if (unit == 0) {
      return length;
    }
    return switch (random.nextInt(6)) {
      case 0 -> -Errno.EINTR.intValue();
      case 1 -> -Errno.EAGAIN.intValue();
      case 2, 3 -> Math.min(length, (1 + random.nextLong(1 + length / unit)) * unit);
      default -> length;
    };
  }

  private void requireAligned(ByteBuffer buffer, long length, long offset, int of) {
    assertTrue(length > 0);
    assertEquals(0, buffer.alignmentOffset(buffer.position(), geometry.memory()), "memory");
    assertEquals(0, offset % of, "offset");
    assertEquals(0, length % of, "length");
  }

  @Override
  public long read(ByteBuffer buffer, long length, long offset) {
    requireAligned(buffer, length, offset, geometry.sector());
    long count = Math.min(outcome(length), Math.max(0, content.length - offset));
    if (count > 0) {
      buffer.put(buffer.position(), content, (int) offset, (int) count);
    }
    return count;
  }

  @Override
  public long write(ByteBuffer buffer, long length, long offset) {
    requireAligned(buffer, length, offset, geometry.granule());
    return store(buffer, outcome(length), offset);
  }

  @Override
  public long writeEdge(ByteBuffer buffer, long length, long offset) {
    long granule = geometry.granule();
    assertTrue(length > 0 && length < granule, "an edge of " + length);
    assertEquals(offset / granule, (offset + length - 1) / granule, "one granule");
    edges++;
    return store(buffer, outcome(length), offset);
  }

  private long store(ByteBuffer buffer, long count, long offset) {
    if (count > 0) {
      int end = (int) (offset + count);
      content = end > content.length ? Arrays.copyOf(content, end) : content;
      buffer.get(buffer.position(), content, (int) offset, (int) count);
    }
    return count;
  }

  @Override
  public int descriptor() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void requireDirect() {}

  @Override
  public void close() {}
}
