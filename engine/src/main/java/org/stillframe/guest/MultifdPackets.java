/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.PageBatch;
import org.stillframe.stream.PagePacket;
import org.stillframe.stream.PagePacketEncoder;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamInput;
import org.stillframe.system.Connection;

/**
 * Makes packets of the pages of one channel, as they come. A packet holds pages of one block, one
 * behind the other: none is in it twice. Used by one thread.
 */
final class MultifdPackets {
  private final int index;
  private final Connection connection;
  private final int pageSize;
  private final PagePacketEncoder encoder;
  private final PageBatch batch;

  /** A header, and the pages behind it. */
  private final ByteBuffer packet;

  private final int headerLength;
  private long last;
  private long position;

  MultifdPackets(int index, Connection connection, int pageSize) {
    this.index = index;
    this.connection = connection;
    this.pageSize = pageSize;
    encoder = new PagePacketEncoder(pageSize);
    headerLength = encoder.headerLength();
    batch = new PageBatch(pageSize);
    packet = ByteBuffer.allocateDirect(headerLength + PagePacket.PAYLOAD_LIMIT);
  }

  /** Adds a page, whose bytes are taken at once. */
  void page(RamBlock block, long offset, StreamInput data) throws StillframeException {
    follow(block, offset);
    int at = headerLength + batch.dataLength();
    data.copyTo(packet.limit(at + pageSize).position(at));
    batch.page(offset);
  }

  private void follow(RamBlock block, long offset) throws StillframeException {
    if (block != batch.block() || offset <= last || batch.room() == 0) {
      flush();
      batch.begin(block);
    }
    last = offset;
  }

  /** Sends what was added. */
  void flush() throws StillframeException {
    if (batch.pages() > 0) {
      encoder.pages(packet.clear(), batch);
      send(packet.limit(headerLength + batch.dataLength()));
      batch.begin(batch.block());
    }
  }

  /** Synchronises with QEMU's main thread, so many times. */
  void sync(int times) throws StillframeException {
    for (int i = 0; i < times; i++) {
      encoder.sync(packet.clear());
      send(packet.limit(headerLength));
    }
  }

  private void send(ByteBuffer bytes) throws StillframeException {
    int length = bytes.remaining();
    try {
      connection.write(bytes);
    } catch (IOException e) {
      throw MultifdFailures.of(index, position, e);
    }
    position += length;
  }
}
