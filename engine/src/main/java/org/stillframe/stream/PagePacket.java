/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.error.StillframeException;

/**
 * Decodes the page packets of one multifd channel, one after the other, without allocating: the
 * header, which names a block and the places of pages in it; the pages themselves follow it.
 *
 * <p>Refused by name: compressed pages and device state. Everything else that does not fit together
 * is damage. Used by one thread.
 */
public final class PagePacket {
  /** The most bytes of pages that follow a header. */
  public static final int PAYLOAD_LIMIT = MultifdWire.PAYLOAD;

  /** Bytes of a header that {@link #begin} looks at. */
  public static final int PREFIX_LENGTH = MultifdWire.ALLOCATED_AT;

  private final String where;
  private final int pageSize;
  private final long[] offsets;
  private final byte[] name = new byte[MultifdWire.NAME_LENGTH];
  private final BlockTable table = new BlockTable();
  private RamBlock block;
  private long at;
  private int flags;
  private int normal;
  private int zero;

  /**
   * A decoder.
   *
   * @param channel for messages
   * @param pageSize the target page size in bytes: a power of two from 512 to 512 KiB
   * @param blocks all blocks of the guest
   */
  public PagePacket(int channel, int pageSize, List<RamBlock> blocks) {
    if (Integer.bitCount(pageSize) != 1 || pageSize < 512 || pageSize > MultifdWire.PAYLOAD) {
      throw new IllegalArgumentException("a page size of " + pageSize);
    }
    this.where = "multifd channel " + channel;
    this.pageSize = pageSize;
    this.offsets = new long[MultifdWire.pagesPerPacket(pageSize)];
    blocks.forEach(table::add);
    table.seal();
  }

  /** Bytes of every header. */
  public int headerLength() {
    return headerLength(pageSize);
  }

  static int headerLength(int pageSize) {
    return MultifdWire.OFFSETS_AT + Long.BYTES * MultifdWire.pagesPerPacket(pageSize);
  }

  /**
   * Looks at the first {@link #PREFIX_LENGTH} bytes alone. Packets of other kinds have other
   * lengths: what is not for us must be refused before more is waited for.
   *
   * @param header big-endian, from index 0
   * @param position of the header in the channel, in bytes, for messages
   */
  public void begin(ByteBuffer header, long position) throws StillframeException {
    at = position;
    InitialPacket.magic(header, at, where);
    flags = header.getInt(MultifdWire.FLAGS_AT);
    if ((flags & MultifdWire.DEVICE_STATE) != 0) {
      throw Faults.unsupported(
          at,
          where,
          "it carries the state of a device (VFIO), which cannot be read past",
          "detach the device, or save through another route");
    }
    int compression = flags & MultifdWire.COMPRESSION_MASK;
    if (compression != 0) {
      throw Faults.unsupported(
          at,
          where,
          "its pages are compressed with " + method(compression),
          "set the parameter multifd-compression to none at the source");
    }
    if ((flags & ~MultifdWire.SYNC) != 0) {
      throw Faults.damaged(at, where, String.format("a packet has the flags 0x%x", flags));
    }
  }

  private static String method(int compression) {
    return switch (compression) {
      case 0x02 -> "zlib";
      case 0x04 -> "zstd";
      case 0x08 -> "qpl";
      case 0x10 -> "uadk";
      case 0x20 -> "qatzip";
      default -> String.format("an unknown method (flags 0x%x)", compression);
    };
  }

  /** Reads the rest of the header that {@link #begin} has seen. */
  public void decode(ByteBuffer header) throws StillframeException {
    block = null;
    int most = offsets.length;
    int allocated = header.getInt(MultifdWire.ALLOCATED_AT);
    normal = header.getInt(MultifdWire.NORMAL_AT);
    zero = header.getInt(MultifdWire.ZERO_AT);
    if (allocated < 0
        || allocated > most
        || normal < 0
        || normal > allocated
        || zero < 0
        || zero > allocated - normal) {
      throw Faults.damaged(
          at,
          where,
          String.format(
              "a packet counts %d pages and %d zero pages in a table of %d, which holds %d at most",
              normal & 0xffffffffL, zero & 0xffffffffL, allocated & 0xffffffffL, most));
    }
    int payload = header.getInt(MultifdWire.PAYLOAD_LENGTH_AT);
    // QEMU before 9.0 leaves in a packet without pages what the one before it said.
    if (normal > 0 && payload != normal * pageSize) {
      throw Faults.damaged(
          at,
          where,
          String.format(
              "a packet of %d pages says that %d bytes follow", normal, payload & 0xffffffffL));
    }
    if (normal + zero > 0) {
      place(header);
    }
  }

  private void place(ByteBuffer header) throws StillframeException {
    header.get(MultifdWire.NAME_AT, name);
    int nameLength = 0;
    while (nameLength < name.length && name[nameLength] != 0) {
      nameLength++;
    }
    BlockTable.Entry found = table.find(name, nameLength);
    if (found == null) {
      throw Faults.damaged(
          at,
          where,
          "block \"" + StreamInput.text(name, nameLength, at, where) + "\" is not in the list");
    }
    header
        .slice(MultifdWire.OFFSETS_AT, (normal + zero) * Long.BYTES)
        .asLongBuffer()
        .get(offsets, 0, normal + zero);
    long length = found.block.usedLength();
    for (int i = 0; i < normal + zero; i++) {
      long offset = offsets[i];
      if (offset < 0 || offset >= length || (offset & (pageSize - 1)) != 0) {
        throw Faults.damaged(
            at,
            where + ", " + found.label,
            String.format("a page at 0x%x is none of its length 0x%x", offset, length));
      }
    }
    block = found.block;
  }

  /** Whether what the channel sends next belongs behind the next flush of the main stream. */
  public boolean sync() {
    return (flags & MultifdWire.SYNC) != 0;
  }

  /** The block of the pages; of a packet that has some. */
  public RamBlock block() {
    return block;
  }

  /** How many pages follow the header, in the order of {@link #offset}. */
  public int pages() {
    return normal;
  }

  /** How many pages are zero and do not follow. */
  public int zeroPages() {
    return zero;
  }

  /** Where a page lies in its block, in bytes; {@code index} from 0. */
  public long offset(int index) {
    return offsets[index];
  }

  /** Where a zero page lies in its block, in bytes; {@code index} from 0. */
  public long zeroOffset(int index) {
    return offsets[normal + index];
  }

  /** Bytes that follow the header. */
  public int payloadLength() {
    return normal * pageSize;
  }
}
