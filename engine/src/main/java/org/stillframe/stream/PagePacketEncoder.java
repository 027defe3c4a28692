/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Encodes the headers of page packets of one channel. Used by one thread. */
public final class PagePacketEncoder {
  private final int length;
  private final int most;
  private RamBlock named;
  private byte[] name = {};
  private long number;

  /**
   * An encoder.
   *
   * @param pageSize the target page size in bytes
   */
  public PagePacketEncoder(int pageSize) {
    length = PagePacket.headerLength(pageSize);
    most = MultifdWire.pagesPerPacket(pageSize);
  }

  /** Bytes of every header. */
  public int headerLength() {
    return length;
  }

  /**
   * Writes the header of a packet with pages, whose bytes are to follow it. Zero pages are
   * understood by QEMU 9.0 and later.
   *
   * @param header big-endian, from index 0; its position and limit stay
   */
  public void pages(ByteBuffer header, PageBatch batch) {
    begin(header, 0);
    header.putInt(MultifdWire.NORMAL_AT, batch.pages());
    header.putInt(MultifdWire.ZERO_AT, batch.zeroPages());
    header.putInt(MultifdWire.PAYLOAD_LENGTH_AT, batch.dataLength());
    if (batch.block() != named) {
      named = batch.block();
      name = named.name().getBytes(StandardCharsets.UTF_8);
    }
    header.put(MultifdWire.NAME_AT, name);
    int at = MultifdWire.OFFSETS_AT;
    for (int i = 0; i < batch.pages(); i++, at += Long.BYTES) {
      header.putLong(at, batch.offset(i));
    }
    for (int i = 0; i < batch.zeroPages(); i++, at += Long.BYTES) {
      header.putLong(at, batch.zeroOffset(i));
    }
  }

  /** Writes a packet without pages that synchronises; parameters as for {@link #pages}. */
  public void sync(ByteBuffer header) {
    begin(header, MultifdWire.SYNC);
  }

  private void begin(ByteBuffer header, int flags) {
    for (int i = 0; i < MultifdWire.OFFSETS_AT; i += Long.BYTES) {
      header.putLong(i, 0);
    }
    header.putInt(0, MultifdWire.MAGIC).putInt(Integer.BYTES, MultifdWire.VERSION);
    header.putInt(MultifdWire.FLAGS_AT, flags);
    header.putInt(MultifdWire.ALLOCATED_AT, most);
    header.putLong(MultifdWire.NUMBER_AT, number++);
  }
}
