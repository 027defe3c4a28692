/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.stillframe.error.RequestException;

/**
 * Where everything stands in a mapped file (QEMU's capability {@code mapped-ram}) that is made of a
 * list of blocks: each block's entry, header and bitmap, then, at the next MiB, its page area, and
 * right behind that the next block's entry. What follows RAM begins at {@link #end}. The bitmaps
 * fill while the file is written; the rest is immutable.
 */
public final class MappedLayout {
  /** The most RAM that is taken on, in bytes: 64 TiB, beyond any guest. It bounds the bitmaps. */
  public static final long MAX_RAM = 1L << 46;

  /** What page areas are aligned to; for QEMU, and for direct input and output. */
  private static final long AREA_ALIGNMENT = 1 << 20;

  private final RamWriter writer;
  private final List<RamBlock> list;
  private final List<MappedBlock> blocks = new ArrayList<>();

  /**
   * Places blocks.
   *
   * @param configuration what the source says of the guest; it is amended for the layout
   * @param sectionId the id of RAM's section
   * @throws RequestException UNSUPPORTED if RAM shared with others was left out of it, or there is
   *     too much
   */
  public MappedLayout(Configuration configuration, long sectionId, List<RamBlock> list)
      throws RequestException {
    requireAll(configuration);
    this.list = List.copyOf(list);
    this.writer = new RamWriter(configuration.mapped(true), sectionId);
    long left = MAX_RAM;
    for (int i = 0; i < list.size(); i++) {
      RamBlock block = list.get(i);
      left = requireRoom(block, left);
      long bitmapOffset = entryOffset(i) + entry(i).remaining() + MappedHeader.LENGTH;
      long pageSize = configuration.pageSize();
      long free = bitmapOffset + MappedBlock.bitmapLength(block.usedLength(), pageSize);
      long pagesOffset = (free + AREA_ALIGNMENT - 1) / AREA_ALIGNMENT * AREA_ALIGNMENT;
      blocks.add(
          new MappedBlock(
              block,
              new MappedHeader(pageSize, bitmapOffset, pagesOffset),
              new PageBitmap(block.usedLength() / pageSize)));
    }
  }

  /** Refuses a guest part of whose RAM is elsewhere. */
  static void requireAll(Configuration configuration) throws RequestException {
    if (configuration.ignoresShared()) {
      throw Faults.unsupported(
          0,
          "CONFIGURATION section",
          "capability x-ignore-shared is on: RAM shared with others is left out",
          "switch it off at the source, or use the layout stream, and save again");
    }
  }

  /** Counts a block, and returns how much RAM may yet follow. */
  static long requireRoom(RamBlock block, long left) throws RequestException {
    if (block.usedLength() > left) {
      throw Faults.unsupported(
          0,
          "RAM block " + block.name(),
          "with it there are more than " + (MAX_RAM >> 40) + " TiB of RAM",
          "use the layout stream");
    }
    return left - block.usedLength();
  }

  /** The blocks, in the order of the list. */
  public List<MappedBlock> blocks() {
    return blocks;
  }

  /** Where the last page area ends: what follows RAM stands there. */
  public long end() {
    return blocks.get(blocks.size() - 1).end();
  }

  /** Writes the sections' frames. */
  public RamWriter writer() {
    return writer;
  }

  /** Where a block's entry stands; before the first one, all that begins the file. */
  public long entryOffset(int index) {
    return index == 0 ? 0 : blocks.get(index - 1).end();
  }

  /** A block's entry and header; its bitmap follows. */
  public ByteBuffer header(int index) {
    ByteBuffer out = entry(index);
    ByteBuffer all = ByteBuffer.allocate(out.remaining() + MappedHeader.LENGTH).put(out);
    blocks.get(index).header().write(all);
    return all.flip();
  }

  private ByteBuffer entry(int index) {
    ByteBuffer out = ByteBuffer.allocate(RamWriter.MAX_HEAD);
    if (index == 0) {
      writer.begin(list, out);
    }
    writer.block(list.get(index), out);
    return out.flip();
  }

  /**
   * Writes words of a block's bitmap, as many as fit.
   *
   * @param from the first word
   * @param out little-endian
   * @return the word to go on with, or -1 when the bitmap is written
   */
  public static long writeBitmap(MappedBlock block, long from, ByteBuffer out) {
    long next = block.bitmap().store(from, out);
    return next == block.bitmap().words() ? -1 : next;
  }

  /** What the file holds of each block as of now. */
  public List<BlockSummary> summary() {
    return blocks.stream().map(MappedBlock::summary).toList();
  }
}
