/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.stillframe.error.StillframeException;

/** Writes bytes one after another from a place in the file on. Used by one thread. */
final class SequentialWriter {
  private final PageChannel channel;
  private final ByteBuffer head;
  private int buffer = -1;
  private int filled;
  private long at;

  /**
   * Writes.
   *
   * @param at where in the file
   * @param head takes the first bytes of the file, in whose place zeros are written
   */
  SequentialWriter(PageChannel channel, long at, ByteBuffer head) {
    this.channel = channel;
    this.at = at;
    this.head = head;
  }

  /** Where in the file the next byte goes. */
  long position() {
    return at + filled;
  }

  /** Takes all that {@code bytes} has left. */
  void put(ByteBuffer bytes) throws StillframeException {
    while (bytes.hasRemaining()) {
      ByteBuffer room = room();
      int count = Math.min(room.remaining(), bytes.remaining());
      int limit = bytes.limit();
      room.put(bytes.limit(bytes.position() + count));
      bytes.limit(limit);
      took(room);
    }
  }

  /** Room to write into, little-endian; {@link #took} says how far. */
  ByteBuffer room() throws StillframeException {
    if (buffer < 0) {
      buffer = channel.take();
      filled = 0;
    }
    ByteBuffer room = channel.buffer(buffer);
    return room.clear().position(filled).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The room is filled up to its position. */
  void took(ByteBuffer room) throws StillframeException {
    filled = room.position();
    if (filled == room.capacity()) {
      flush();
    }
  }

  /** Gives what was put to the channel. */
  void flush() throws StillframeException {
    if (buffer < 0) {
      return;
    }
    if (at < head.capacity()) {
      holdBack(channel.buffer(buffer));
    }
    channel.raw(buffer, 0, filled, at);
    channel.done(buffer);
    at += filled;
    filled = 0;
    buffer = -1;
  }

  private void holdBack(ByteBuffer bytes) {
    for (int i = 0; i < filled && head.hasRemaining(); i++) {
      head.put(bytes.get(i));
      bytes.put(i, (byte) 0);
    }
  }
}
