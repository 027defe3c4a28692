/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import org.stillframe.error.StillframeException;

/** Supplies bytes from a position of one's choice onwards. */
final class PositionedSupply implements StreamInput.Supply {
  private static final int CHUNK = 256 << 10;

  private final PositionedBytes bytes;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
  private long next;
  private long limit = Long.MAX_VALUE;

  PositionedSupply(PositionedBytes bytes) {
    this.bytes = bytes;
  }

  /** Goes on there. */
  void moveTo(long position) {
    next = position;
  }

  /** Ends there. */
  void limit(long position) {
    limit = position;
  }

  @Override
  public ByteBuffer next() throws StillframeException {
    if (next >= limit) {
      return null;
    }
    buffer.clear().limit((int) Math.min(CHUNK, limit - next));
    bytes.read(next, buffer);
    next += buffer.position();
    return buffer.position() == 0 ? null : buffer.flip();
  }
}
