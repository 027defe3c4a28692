/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.MainStreamEncoder;
import org.stillframe.stream.MappedLayout;
import org.stillframe.stream.PageBitmap;
import org.stillframe.stream.PagePacket;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamInput;
import org.stillframe.system.Connection;

/**
 * Shares the pages of a stream out among the channels of multifd. A page always goes into the same
 * channel, and there one packet comes after the other: so a page that comes again is the later one.
 *
 * <p>QEMU clears a page that a record in the main stream says is zero, and not one that a packet
 * does. The main stream has no order with the channels: so zero pages are noted, and told when QEMU
 * has taken all that the channels carry. Where memory is zero, those that came before as something
 * else are told alone.
 *
 * <p>For what a channel's first packet does, see {@link MultifdSender}.
 */
final class MultifdIntake extends StreamIntake {
  private static final String MAIN = "migration stream";

  /** Early sections have a few kilobytes; more would not fit into the socket while QEMU waits. */
  private static final int MAX_EARLY = 1 << 20;

  private final MultifdDialect dialect;
  private final Set<String> untouched;
  private final List<MultifdPackets> channels = new ArrayList<>();
  private final List<PageBitmap> zeros = new ArrayList<>();

  /** By block: the pages that have come; null where all zero pages are told. */
  private final List<PageBitmap> sent = new ArrayList<>();

  private MultifdConnections to;
  private MainStreamEncoder encoder;
  private int pageSize;
  private int early;

  /**
   * Takes a stream.
   *
   * @param untouched the blocks that are zero at the receiver
   */
  MultifdIntake(MultifdDialect dialect, Set<String> untouched) {
    super("multifd");
    this.dialect = dialect;
    this.untouched = untouched;
  }

  /** Sends what it takes into these; by {@code to} all connections are there. */
  MultifdIntake into(MultifdConnections connections) {
    to = connections;
    return this;
  }

  @Override
  public void configuration(Configuration read) throws StillframeException {
    super.configuration(read);
    pageSize = read.pageSize();
  }

  @Override
  public void ramBlocks(List<RamBlock> list) throws StillframeException {
    super.ramBlocks(list);
    requireBounded(list);
    encoder = new MainStreamEncoder(dialect.flushWords(), sectionId());
    send(encoder.list(configuration(), list));
    for (Connection channel : to.channels()) {
      MultifdPackets packets = new MultifdPackets(channels.size(), channel, pageSize);
      channels.add(packets);
      packets.sync(1);
    }
  }

  private void requireBounded(List<RamBlock> list) throws StillframeException {
    long left = MappedLayout.MAX_RAM;
    for (RamBlock block : list) {
      if (block.usedLength() > left) {
        throw refused(
            "the image has more than " + (MappedLayout.MAX_RAM >> 40) + " TiB of RAM",
            "use the route stream");
      }
      left -= block.usedLength();
      long pages = block.usedLength() / pageSize;
      zeros.add(new PageBitmap(pages));
      sent.add(untouched.contains(block.name()) ? new PageBitmap(pages) : null);
    }
  }

  @Override
  public void earlySection(String name, long instance, byte[] bytes) throws StillframeException {
    early += bytes.length;
    if (early > MAX_EARLY) {
      throw refused(
          "device " + name + " and others must be loaded before RAM, and have much state",
          "use the route stream");
    }
    send(bytes);
  }

  @Override
  public void page(RamBlock block, long offset, StreamInput data) throws StillframeException {
    channel(block, offset).page(block, offset, data);
    zeros.get(block.index()).clear(offset / pageSize, 1);
    PageBitmap seen = sent.get(block.index());
    if (seen != null) {
      seen.set(offset / pageSize, 1);
    }
  }

  @Override
  public void zeroPage(RamBlock block, long offset) throws StillframeException {
    PageBitmap seen = sent.get(block.index());
    if (seen == null || seen.get(offset / pageSize)) {
      zeros.get(block.index()).set(offset / pageSize, 1);
    }
  }

  /** The channel of all pages that one packet may hold together. */
  private MultifdPackets channel(RamBlock block, long offset) {
    long place = offset / PagePacket.PAYLOAD_LIMIT + block.index();
    return channels.get((int) (place % channels.size()));
  }

  @Override
  public void ramEnd() throws StillframeException {
    for (MultifdPackets packets : channels) {
      packets.flush();
      packets.sync(dialect.closingSyncsOfStream());
    }
    send(encoder.emptySection());
    send(encoder.lastSection());
    sendZeros();
    send(encoder.lastSectionEnd());
  }

  private void sendZeros() throws StillframeException {
    ByteBuffer out = ByteBuffer.allocateDirect(64 << 10);
    for (RamBlock block : blocks()) {
      byte[] name = block.name().getBytes(StandardCharsets.UTF_8);
      PageBitmap bitmap = zeros.get(block.index());
      long end = bitmap.pages();
      for (long page = bitmap.nextSet(0, end); page < end; page = bitmap.nextSet(page + 1, end)) {
        if (out.remaining() < MainStreamEncoder.ZERO_RECORD_LIMIT) {
          send(out.flip());
          out.clear();
        }
        encoder.zeroPage(out, name, page * pageSize);
      }
    }
    send(out.flip());
  }

  @Override
  public void release() {
    // Pages are copied into packets at once.
  }

  @Override
  public void whole() throws StillframeException {
    StreamInput.Supply devices = devices();
    for (ByteBuffer chunk = devices.next(); chunk != null; chunk = devices.next()) {
      send(chunk);
    }
  }

  private void send(byte[] bytes) throws StillframeException {
    send(MultifdMainSender.direct(bytes));
  }

  private void send(ByteBuffer bytes) throws StillframeException {
    try {
      to.main().write(bytes);
    } catch (IOException e) {
      throw MultifdFailures.of(MAIN, e);
    }
  }
}
