/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.Arrays;
import org.stillframe.error.StillframeException;

/**
 * Reads the bodies of RAM's sections: the list of blocks, then records of pages (QEMU's savevm
 * format, version 3, section "ram" version 4). A record is a word, an offset in a block and flags
 * below it, then what the flags call for.
 */
final class RamSection {
  private static final String LIST = BlockListReader.LIST;
  private static final String RECORDS = "RAM records";

  private final StreamInput input;
  private final StreamListener listener;
  private final int pageSize;
  private final boolean multifd;
  private final Configuration configuration;
  private final BlockTable table = new BlockTable();
  private final byte[] name = new byte[255];

  /** The block of the last record. It outlives sections: CONTINUE reaches across their borders. */
  private BlockTable.Entry last;

  /**
   * Whether words of their own say where the channels of multifd are waited for, as with machine
   * types of QEMU 8.1 and newer. Older ones wait at the end of every section of RAM, the list of
   * blocks included; so the list has such a word or the stream has none.
   */
  private boolean flushWords;

  RamSection(
      StreamInput input, StreamListener listener, Configuration configuration, boolean multifd) {
    this.input = input;
    this.listener = listener;
    this.pageSize = configuration.pageSize();
    this.multifd = multifd;
    this.configuration = configuration;
  }

  BlockTable table() {
    return table;
  }

  /** Reads the body of the START section up to its end mark. */
  void list() throws StillframeException {
    new BlockListReader(input, configuration, table).read(block -> {});
    listener.ramBlocks(table.blocks());
    input.reading(LIST);
    long at = input.position();
    long word = input.u64();
    if (multifd && word == Wire.RAM_MULTIFD_FLUSH) {
      flushWords = true;
      listener.multifdFlush();
      at = input.position();
      word = input.u64();
    }
    if (word != Wire.RAM_EOS) {
      throw unexpected(at, word);
    }
    sectionEnd();
  }

  private void sectionEnd() throws StillframeException {
    if (multifd && !flushWords) {
      listener.multifdFlush();
    }
  }

  /** Reads the body of a PART or END section up to its end mark. */
  void records() throws StillframeException {
    StreamInput in = input;
    long flagMask = pageSize - 1L;
    in.reading(last == null ? RECORDS : last.label);
    for (; ; ) {
      long at = in.position();
      long word = in.u64();
      int flags = (int) (word & flagMask);
      long offset = word - flags;
      switch (flags) {
        case Wire.RAM_PAGE, Wire.RAM_PAGE | Wire.RAM_CONTINUE -> {
          BlockTable.Entry entry = entry(flags, offset, at);
          entry.dataPages++;
          data(entry, offset);
        }
        case Wire.RAM_ZERO, Wire.RAM_ZERO | Wire.RAM_CONTINUE -> {
          BlockTable.Entry entry = entry(flags, offset, at);
          int fill = in.u8();
          if (fill != 0) {
            throw Faults.damaged(at, entry.label, "a page of zeros is said to hold " + fill);
          }
          entry.zeroPages++;
          listener.zeroPage(entry.block, offset);
        }
        case Wire.RAM_XBZRLE, Wire.RAM_XBZRLE | Wire.RAM_CONTINUE ->
            xbzrle(entry(flags, offset, at), offset, at);
        case Wire.RAM_COMPRESS_PAGE, Wire.RAM_COMPRESS_PAGE | Wire.RAM_CONTINUE ->
            compressed(entry(flags, offset, at), offset, at);
        default -> {
          if (word == Wire.RAM_EOS) {
            sectionEnd();
            return;
          }
          if (word != Wire.RAM_MULTIFD_FLUSH || !flushWords) {
            throw unexpected(at, word);
          }
          listener.multifdFlush();
        }
      }
    }
  }

  /** The block of a record: the last one again, or the one named after the word. */
  private BlockTable.Entry entry(int flags, long offset, long at) throws StillframeException {
    BlockTable.Entry entry = last;
    if ((flags & Wire.RAM_CONTINUE) == 0) {
      int length = input.u8();
      input.bytes(name, length);
      // QEMU names a block where it changes; other writers name the same one again and again.
      if (entry == null || !Arrays.equals(entry.name, 0, entry.name.length, name, 0, length)) {
        entry = table.find(name, length);
        if (entry == null) {
          String unknown = StreamInput.text(name, length, at, RECORDS);
          throw Faults.damaged(at, RECORDS, "block \"" + unknown + "\" is not in the list");
        }
        last = entry;
        input.reading(entry.label);
      }
    } else if (entry == null) {
      throw Faults.damaged(at, RECORDS, "the first record continues a block, but there was none");
    }
    if (offset < 0 || offset >= entry.block.usedLength()) {
      throw Faults.damaged(
          at,
          entry.label,
          String.format(
              "a page at 0x%x lies outside its length 0x%x", offset, entry.block.usedLength()));
    }
    return entry;
  }

  private void data(BlockTable.Entry entry, long offset) throws StillframeException {
    long before = input.position();
    listener.page(entry.block, offset, input);
    long used = input.position() - before;
    if (used == 0) {
      input.skip(pageSize);
    } else if (used != pageSize) {
      throw new IllegalStateException(
          "the listener consumed " + used + " bytes of a page of " + pageSize);
    }
  }

  private void xbzrle(BlockTable.Entry entry, long offset, long at) throws StillframeException {
    int encoding = input.u8();
    int length = input.u16();
    if (encoding != Wire.XBZRLE_ENCODING || length > pageSize) {
      throw Faults.damaged(
          at,
          entry.label,
          "an xbzrle record has the encoding " + encoding + " and the length " + length);
    }
    skipEncoded(entry, offset, length, PageEncoding.XBZRLE);
  }

  private void compressed(BlockTable.Entry entry, long offset, long at) throws StillframeException {
    long length = input.u32();
    // What zlib cannot shrink it grows by a few bytes; twice the page is beyond any of that.
    if (length == 0 || length > 2L * pageSize) {
      throw Faults.damaged(at, entry.label, "a compressed page has the length " + length);
    }
    skipEncoded(entry, offset, length, PageEncoding.ZLIB);
  }

  private void skipEncoded(BlockTable.Entry entry, long offset, long length, PageEncoding encoding)
      throws StillframeException {
    input.skip(length);
    entry.encodedPages++;
    listener.encodedPage(entry.block, offset, encoding);
  }

  private StillframeException unexpected(long at, long word) {
    if (word == Wire.RAM_MULTIFD_FLUSH && multifd) {
      return Faults.damaged(
          at, RECORDS, "it waits for the channels of multifd by a word, which its list did not");
    }
    if (word == Wire.RAM_MULTIFD_FLUSH) {
      return Faults.unsupported(
          at,
          RECORDS,
          "multifd is on, so the pages travel in other channels",
          "switch the capability multifd off at the source, or save through the route multifd");
    }
    if ((word & (pageSize - 1)) == Wire.RAM_HOOK) {
      return Faults.unsupported(
          at, RECORDS, "the stream was meant for RDMA", "migrate over a socket, a pipe or a file");
    }
    return Faults.damaged(at, RECORDS, String.format("0x%x is not the word of a record", word));
  }
}
