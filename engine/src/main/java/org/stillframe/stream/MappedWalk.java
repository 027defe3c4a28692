/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.ArrayList;
import java.util.List;
import org.stillframe.error.StillframeException;

/** One walk over one mapped file, from position to position. */
final class MappedWalk {
  private static final String SECTIONS = "section header";

  private final PositionedBytes bytes;
  private final boolean followed;
  private final PositionedSupply supply;
  private final StreamInput input;
  private final BlockTable table = new BlockTable();
  private final List<MappedBlock> blocks = new ArrayList<>();
  private final EarlySections early;
  private MappedRegions regions;
  private Configuration configuration;
  private long ramId;
  private long ramLeft = MappedLayout.MAX_RAM;
  private boolean pagesBegun;

  /** Where the last page area ends; 0 before the first. */
  private long areaEnd;

  MappedWalk(PositionedBytes bytes, boolean followed) {
    this.bytes = bytes;
    this.followed = followed;
    supply = new PositionedSupply(bytes);
    input = new StreamInput(supply);
    early = new EarlySections(input, new StreamListener() {});
  }

  MappedImage walk() throws StillframeException {
    long size = bytes.size();
    regions = new MappedRegions(size);
    configuration = ConfigurationReader.read(input);
    if (!configuration.mappedRam()) {
      throw Faults.unsupported(
          input.position(),
          "CONFIGURATION section",
          "capability mapped-ram is off: this is " + StreamKind.QEMU_STREAM.label(),
          "use the route memory, multifd or stream, which take every image, or convert it to the"
              + " layout mapped");
    }
    MappedLayout.requireAll(configuration);
    list();
    // What follows RAM reaches to the end, and has no room for anything of RAM's.
    regions.add(areaEnd, size, "what follows RAM");
    regions.requireApart();
    new BitmapLoader(bytes).load(blocks);
    input.reading(BlockListReader.LIST);
    endMarks();
    RamFrame.footer(input, ramId);
    while (section()) {
      // until RAM has ended
    }
    return new MappedImage(ramId, blocks, devices());
  }

  private void list() throws StillframeException {
    input.reading(SECTIONS);
    long at = input.position();
    int type = input.u8();
    if (type != Wire.START) {
      throw Faults.damaged(
          at, SECTIONS, String.format("0x%02x stands where RAM starts in a mapped-ram file", type));
    }
    ramId = RamFrame.start(input, at);
    new BlockListReader(input, configuration, table).read(this::block);
  }

  private void block(RamBlock block) throws StillframeException {
    String where = "RAM block " + block.name();
    long at = input.position();
    MappedHeader header = MappedHeader.read(input, block.name());
    long end = input.position();
    if (header.pageSize() != configuration.pageSize()) {
      throw Faults.damaged(
          at,
          where,
          "its header states pages of "
              + Long.toUnsignedString(header.pageSize())
              + " bytes, not "
              + configuration.pageSize());
    }
    ramLeft = MappedLayout.requireRoom(block, ramLeft);
    regions.add(areaEnd, end, areaEnd == 0 ? "the head of the file" : "the entry of " + where);
    regions.claim(
        header.bitmapOffset(),
        MappedBlock.bitmapLength(block.usedLength(), header.pageSize()),
        "the bitmap of " + where,
        at,
        where);
    regions.claim(header.pagesOffset(), block.usedLength(), "the page area of " + where, at, where);
    if (header.pagesOffset() % header.pageSize() != 0) {
      throw Faults.damaged(
          at,
          where,
          "its page area at byte " + header.pagesOffset() + " does not begin at a whole page");
    }
    if (header.pagesOffset() < end) {
      throw Faults.damaged(
          at, where, "its page area at byte " + header.pagesOffset() + " lies before its header");
    }
    blocks.add(
        new MappedBlock(block, header, new PageBitmap(block.usedLength() / header.pageSize())));
    areaEnd = header.pagesOffset() + block.usedLength();
    moveTo(areaEnd);
  }

  private void moveTo(long position) {
    supply.moveTo(position);
    input.moveTo(position);
  }

  /** RAM's sections hold no pages here: those are in the page areas. */
  private void endMarks() throws StillframeException {
    for (; ; ) {
      long at = input.position();
      long word = input.u64();
      if (word == Wire.RAM_EOS) {
        return;
      }
      if (word != Wire.RAM_MULTIFD_FLUSH) {
        throw Faults.damaged(
            at, "section ram", String.format("0x%x is no end mark of a mapped-ram file", word));
      }
    }
  }

  /** Reads one section; false if it was the end of RAM. */
  private boolean section() throws StillframeException {
    input.reading(SECTIONS);
    long at = input.position();
    int type = input.u8();
    switch (type) {
      case Wire.PART, Wire.END -> {
        long id = input.u32();
        if (id != ramId) {
          throw Faults.damaged(
              at, SECTIONS, "it goes on with section " + id + ", which never started");
        }
        pagesBegun = true;
        input.reading("section ram");
        endMarks();
        RamFrame.footer(input, ramId);
        return type == Wire.PART;
      }
      case Wire.FULL -> full(at);
      case Wire.COMMAND -> Commands.pass(input, at);
      default ->
          throw Faults.damaged(
              at, SECTIONS, String.format("0x%02x is not the type of a section here", type));
    }
    return true;
  }

  private void full(long at) throws StillframeException {
    SectionHeader header = SectionHeader.read(input, SECTIONS);
    if (pagesBegun) {
      throw RamFrame.backgroundSnapshot(at, header.name());
    }
    early.read(header, at, ramId);
  }

  private ImageSummary devices() throws StillframeException {
    DevicePart part = new DevicePart(input, configuration, early.sections());
    part.begin();
    if (followed) {
      long begin = input.position();
      supply.limit(part.length());
      moveTo(begin);
    }
    return part.finish(blocks.stream().map(MappedBlock::summary).toList(), new StreamListener() {});
  }
}
