/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedLayout;

/** Writes what stands around the pages of a mapped image. Used by one thread. */
final class MappedWriter {
  private static final ByteBuffer NO_HEAD = ByteBuffer.allocate(0);

  private final MappedLayout layout;
  private final PageChannel channel;
  private final SequentialWriter tail;

  MappedWriter(MappedLayout layout, PageChannel channel) throws StillframeException {
    this.layout = layout;
    this.channel = channel;
    tail = new SequentialWriter(channel, layout.end(), NO_HEAD);
    frame(false);
  }

  MappedLayout layout() {
    return layout;
  }

  PageChannel channel() {
    return channel;
  }

  /** Where the next byte behind RAM goes. */
  long position() {
    return tail.position();
  }

  /** Adds bytes of an early section or of the device part. */
  void put(ByteBuffer bytes) throws StillframeException {
    tail.put(bytes);
  }

  /** Ends RAM. */
  void ramEnd() throws StillframeException {
    frame(true);
  }

  private void frame(boolean end) throws StillframeException {
    ByteBuffer out = ByteBuffer.allocate(64);
    if (end) {
      layout.writer().end(out);
    }
    layout.writer().finish(out);
    tail.put(out.flip());
  }

  /**
   * Writes entries and bitmaps, once every page is in its place, and waits until all is written.
   *
   * @param head takes the first bytes of the file, in whose place zeros are written
   * @return the length of the image in bytes
   */
  long finish(ByteBuffer head) throws StillframeException {
    tail.flush();
    for (int i = 0; i < layout.blocks().size(); i++) {
      MappedBlock block = layout.blocks().get(i);
      SequentialWriter writer =
          new SequentialWriter(channel, layout.entryOffset(i), i == 0 ? head : NO_HEAD);
      writer.put(layout.header(i));
      long next = 0;
      while (next >= 0) {
        ByteBuffer room = writer.room();
        if (room.remaining() < Long.BYTES) {
          // The bitmap begins at any byte, so its words need not end with the buffer.
          writer.flush();
          room = writer.room();
        }
        next = MappedLayout.writeBitmap(block, next, room);
        writer.took(room);
      }
      writer.flush();
    }
    channel.drain();
    return tail.position();
  }
}
