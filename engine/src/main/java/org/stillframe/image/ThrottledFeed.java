/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.stillframe.channel.Throttle;
import org.stillframe.error.StillframeException;

/** Fills buffers from a feed, no faster than a throttle allows. Used by one thread. */
final class ThrottledFeed {
  private final StreamFeed feed;
  private final Throttle throttle;
  private boolean ended;

  ThrottledFeed(StreamFeed feed, Throttle throttle) {
    this.feed = feed;
    this.throttle = throttle;
  }

  boolean ended() {
    return ended;
  }

  /** Fills the buffer up to its limit, or as far as the feed reaches. */
  void fill(ByteBuffer buffer) throws IOException, StillframeException {
    int capacity = buffer.limit();
    while (buffer.position() < capacity && !ended) {
      buffer.limit(buffer.position() + throttle.piece(capacity - buffer.position()));
      int count = feed.read(buffer);
      ended = count < 0;
      try {
        throttle.moved(Math.max(0, count));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted");
      }
    }
  }
}
