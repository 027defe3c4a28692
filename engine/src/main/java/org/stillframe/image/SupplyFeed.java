/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.StreamInput;

/** Feeds what a supply gives. Used by one thread. */
final class SupplyFeed implements StreamFeed {
  private final StreamInput.Supply supply;
  private ByteBuffer chunk = ByteBuffer.allocate(0);

  SupplyFeed(StreamInput.Supply supply) {
    this.supply = supply;
  }

  @Override
  public int read(ByteBuffer buffer) throws StillframeException {
    while (!chunk.hasRemaining()) {
      ByteBuffer next = supply.next();
      if (next == null) {
        return -1;
      }
      chunk = next.duplicate();
    }
    int count = Math.min(chunk.remaining(), buffer.remaining());
    int limit = chunk.limit();
    buffer.put(chunk.limit(chunk.position() + count));
    chunk.limit(limit);
    return count;
  }
}
