/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.MultifdSink;
import org.stillframe.stream.PagePacket;
import org.stillframe.stream.RamSink;
import org.stillframe.system.Connection;

/**
 * Receives one channel of multifd: the pages of a packet go straight from the socket into a buffer
 * of the sink, and adjacent ones to the sink as one run.
 */
final class MultifdReceiver implements ChannelTask {
  private final int index;
  private final Connection connection;
  private final MultifdSink target;
  private final MultifdRounds rounds;
  private final TransferCounter counter;
  private final Throttle throttle;
  private long position;
  private int pageSize;
  private ByteBuffer header;
  private volatile boolean ended;

  MultifdReceiver(
      int index,
      Connection connection,
      MultifdSink target,
      MultifdRounds rounds,
      TransferCounter counter,
      Throttle throttle) {
    this.index = index;
    this.connection = connection;
    this.target = target;
    this.rounds = rounds;
    this.counter = counter;
    this.throttle = throttle;
  }

  @Override
  public void run() throws StillframeException {
    MultifdRounds.Guest guest = rounds.awaitGuest();
    pageSize = guest.configuration().pageSize();
    PagePacket packet = new PagePacket(index, pageSize, guest.blocks());
    header = ByteBuffer.allocateDirect(packet.headerLength());
    try (RamSink sink = target.sink(index)) {
      boolean unsynchronised = false;
      while (header(packet)) {
        if (packet.pages() > 0) {
          pages(packet, sink);
        }
        zeroPages(packet, sink);
        unsynchronised |= packet.pages() + packet.zeroPages() > 0;
        if (packet.sync()) {
          sink.drain();
          rounds.sync(index);
          unsynchronised = false;
        }
      }
      rounds.leave(index, unsynchronised);
    } catch (IOException e) {
      throw MultifdFailures.of(index, position, e);
    }
  }

  /** Reads a header; false if the connection has ended before it. */
  private boolean header(PagePacket packet) throws StillframeException, IOException {
    header.clear();
    if (!fill(PagePacket.PREFIX_LENGTH)) {
      return false;
    }
    packet.begin(header.duplicate().flip(), position);
    fill(header.capacity());
    packet.decode(header.flip());
    position += header.capacity();
    return true;
  }

  /**
   * Reads of the header until there are so many bytes; false if the connection has ended before the
   * first. What follows the header is not touched: pages have a buffer of their own.
   */
  private boolean fill(int count) throws StillframeException, IOException {
    while (header.position() < count) {
      if (connection.read(header) < 0) {
        ended = true;
        if (header.position() == 0) {
          return false;
        }
        throw cut("a packet");
      }
    }
    return true;
  }

  private void pages(PagePacket packet, RamSink sink) throws StillframeException, IOException {
    int length = packet.payloadLength();
    ByteBuffer buffer = sink.take();
    buffer.clear().limit(length);
    while (buffer.hasRemaining()) {
      if (connection.read(buffer) < 0) {
        ended = true;
        throw cut("the pages of a packet");
      }
    }
    position += length;
    counter.add(length);
    MultifdFailures.holdBack(throttle, MultifdFailures.channel(index), length);
    int first = 0;
    for (int i = 1; i <= packet.pages(); i++) {
      if (i == packet.pages() || packet.offset(i) != packet.offset(i - 1) + pageSize) {
        sink.pages(
            packet.block(), packet.offset(first), buffer, first * pageSize, (i - first) * pageSize);
        first = i;
      }
    }
    sink.give(buffer);
  }

  private void zeroPages(PagePacket packet, RamSink sink) throws StillframeException {
    int first = 0;
    for (int i = 1; i <= packet.zeroPages(); i++) {
      if (i == packet.zeroPages() || packet.zeroOffset(i) != packet.zeroOffset(i - 1) + pageSize) {
        sink.zero(packet.block(), packet.zeroOffset(first), (long) (i - first) * pageSize);
        first = i;
      }
    }
  }

  private DamagedException cut(String inside) {
    return new DamagedException(
        MultifdFailures.channel(index) + " at byte " + position,
        "the connection ended inside " + inside,
        "look at the source's own messages, and save the guest again");
  }

  /** Whether the source has ended the connection. */
  boolean sourceEnded() {
    return ended;
  }
}
