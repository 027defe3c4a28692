/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.List;
import org.stillframe.stream.DeviceSection;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.PageBitmap;
import org.stillframe.stream.RamWriter;

/**
 * Goes over the plain stream of a mapped image piece by piece, and tells where each stands in it. A
 * piece is some bytes that are known, a part of the image as it is, or records of pages of one kind
 * that follow each other: so it goes from run to run, not from page to page. Used by one thread at
 * a time.
 */
final class StreamPieces {
  /** What a piece consists of. */
  enum Kind {
    /** {@link #bytes()}. */
    KNOWN,
    /** The image's own bytes from {@link #imageOffset()}. */
    PART,
    /** Records of stored pages from {@link #page()}. */
    PAGES,
    /** Records of pages of zeros from {@link #page()}. */
    ZEROS
  }

  private enum Stage {
    HEAD,
    EARLY,
    SECTION,
    RECORDS,
    DEVICES,
    END
  }

  private final StreamPlan plan;

  private Stage stage = Stage.HEAD;
  private int earlyIndex;
  private int nextBlock;
  private long nextPage;

  /** Bytes of the section at hand, up to its next record. */
  private long used;

  private boolean nameNext;

  private Kind kind;
  private long position;
  private long length;
  private byte[] bytes;
  private long imageOffset;
  private int block;
  private long page;
  private int nameLength;

  /** Stands before the first piece. */
  StreamPieces(StreamPlan plan) {
    this.plan = plan;
  }

  /** Goes where another stands, of the same plan. */
  void moveTo(StreamPieces other) {
    stage = other.stage;
    earlyIndex = other.earlyIndex;
    nextBlock = other.nextBlock;
    nextPage = other.nextPage;
    used = other.used;
    nameNext = other.nameNext;
    kind = other.kind;
    position = other.position;
    length = other.length;
    bytes = other.bytes;
    imageOffset = other.imageOffset;
    block = other.block;
    page = other.page;
    nameLength = other.nameLength;
  }

  /** Goes to the next piece; false if there is none. */
  boolean next() {
    if (stage == Stage.END) {
      return false;
    }
    position += length;
    ImageSummary summary = plan.image().summary();
    if (stage == Stage.EARLY && earlyIndex == summary.earlySections().size()) {
      stage = Stage.SECTION;
    }
    switch (stage) {
      case HEAD -> known(plan.head(), Stage.EARLY);
      case EARLY -> {
        DeviceSection section = summary.earlySections().get(earlyIndex++);
        part(section.sectionOffset(), section.sectionLength());
      }
      case SECTION -> {
        known(plan.sectionBegin(), Stage.RECORDS);
        used = length;
        nameNext = true;
      }
      case RECORDS -> records();
      default -> {
        part(summary.devicesOffset(), summary.totalBytes() - summary.devicesOffset());
        stage = Stage.END;
      }
    }
    return true;
  }

  private void known(byte[] all, Stage then) {
    kind = Kind.KNOWN;
    bytes = all;
    length = all.length;
    stage = then;
  }

  private void part(long offset, long count) {
    kind = Kind.PART;
    imageOffset = offset;
    length = count;
  }

  private void records() {
    List<MappedBlock> blocks = plan.image().blocks();
    while (nextBlock < blocks.size() && nextPage == blocks.get(nextBlock).bitmap().pages()) {
      nextBlock++;
      nextPage = 0;
      nameNext = true;
    }
    if (nextBlock == blocks.size()) {
      known(plan.ramEnd(), Stage.DEVICES);
      return;
    }
    if (used > plan.lastRecord()) {
      known(plan.sectionEnd(), Stage.SECTION);
      return;
    }
    PageBitmap bitmap = blocks.get(nextBlock).bitmap();
    kind = bitmap.get(nextPage) ? Kind.PAGES : Kind.ZEROS;
    block = nextBlock;
    page = nextPage;
    nameLength = nameNext ? plan.nameLength(block) : 0;
    nameNext = false;
    // Where the second record would begin; the first has its place.
    long second = used + nameLength + recordLength();
    long most = 1;
    if (second <= plan.lastRecord()) {
      most += 1 + (plan.lastRecord() - second) / recordLength();
    }
    long end = Math.min(bitmap.pages(), page + most);
    nextPage = kind == Kind.PAGES ? bitmap.nextClear(page, end) : bitmap.nextSet(page, end);
    length = nameLength + (nextPage - page) * recordLength();
    used += length;
  }

  Kind kind() {
    return kind;
  }

  /** Where in the stream the piece begins. */
  long position() {
    return position;
  }

  /** Where in the stream it ends. */
  long end() {
    return position + length;
  }

  byte[] bytes() {
    return bytes;
  }

  long imageOffset() {
    return imageOffset;
  }

  /** The block of the records. */
  MappedBlock block() {
    return plan.image().blocks().get(block);
  }

  /** The page of the first record. */
  long page() {
    return page;
  }

  /** How many bytes a record takes that does not name its block. */
  int recordLength() {
    return kind == Kind.PAGES ? RamWriter.RECORD + plan.pageSize() : RamWriter.ZERO_RECORD;
  }

  /** How many more bytes the first record takes, as it names the block; 0 if it does not. */
  int nameLength() {
    return nameLength;
  }

  /** Which record, counted from 0, a place in the stream within this piece belongs to. */
  long record(long at) {
    return Math.max(0, at - position - nameLength) / recordLength();
  }

  /** Where in the stream a record begins. */
  long recordPosition(long record) {
    return position + (record == 0 ? 0 : nameLength + record * recordLength());
  }
}
