/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamWriter;

/**
 * Composes stretches of the plain stream of a mapped image, from any byte to any other: records are
 * cut where they must be. Used by one thread.
 */
final class StreamComposer {
  private static final int ALIGNMENT = 4096;

  private final RamWriter writer;
  private final int pageSize;
  private final StreamPieces pieces;
  private final ByteBuffer cut = ByteBuffer.allocate(RamWriter.MAX_FRAME);

  // What is composed at the moment.
  private PartBatch parts;
  private ByteBuffer out;

  StreamComposer(StreamPlan plan) {
    writer = plan.writer();
    pageSize = plan.pageSize();
    pieces = new StreamPieces(plan);
  }

  /** How many bytes the parts of a stretch of a length take at the most, with what aligns them. */
  static int room(int length, int pageSize) {
    return length + 2 * pageSize + ALIGNMENT;
  }

  /** Adds the parts of the image that a stretch needs. */
  void addParts(StreamStretch stretch, PartBatch batch) {
    stretch.enter(pieces);
    do {
      long from = Math.max(stretch.begin(), pieces.position());
      long to = Math.min(stretch.end(), pieces.end());
      if (from < to && pieces.kind() == StreamPieces.Kind.PART) {
        batch.add(pieces.imageOffset() + from - pieces.position(), to - from, 1);
      } else if (from < to && pieces.kind() == StreamPieces.Kind.PAGES) {
        long first = pieces.record(from);
        long count = pieces.record(to - 1) + 1 - first;
        long at = pieces.block().position((pieces.page() + first) * pageSize);
        batch.add(at, count * pageSize, Math.min(ALIGNMENT, pageSize));
      }
    } while (pieces.end() < stretch.end() && pieces.next());
  }

  /**
   * Composes a stretch.
   *
   * @param batch the parts that were added for it, read
   * @param into is cleared, and filled to its new limit
   */
  void compose(StreamStretch stretch, PartBatch batch, ByteBuffer into) {
    parts = batch;
    out = into.clear().order(ByteOrder.BIG_ENDIAN);
    stretch.enter(pieces);
    do {
      long from = Math.max(stretch.begin(), pieces.position());
      long to = Math.min(stretch.end(), pieces.end());
      int skipped = (int) (from - pieces.position());
      int length = (int) (to - from);
      switch (pieces.kind()) {
        case KNOWN -> out.put(pieces.bytes(), skipped, length);
        case PART -> copy(pieces.imageOffset() + from - pieces.position(), length);
        default -> records(from, to);
      }
    } while (pieces.end() < stretch.end() && pieces.next());
    out.flip();
  }

  private void records(long from, long to) {
    RamBlock block = pieces.block().block();
    long last = pieces.record(to - 1);
    for (long record = pieces.record(from); record <= last; record++) {
      long begin = pieces.recordPosition(record);
      long end = pieces.recordPosition(record + 1);
      long offset = (pieces.page() + record) * pageSize;
      boolean named = record == 0 && pieces.nameLength() > 0;
      if (begin >= from && end <= to) {
        word(block, offset, named, out);
        page(offset, 0, pageSize);
      } else {
        int skipped = (int) (Math.max(begin, from) - begin);
        int behind = (int) (Math.min(end, to) - begin);
        word(block, offset, named, cut.clear());
        int length = cut.position();
        if (skipped < length) {
          out.put(cut.array(), skipped, Math.min(behind, length) - skipped);
        }
        page(offset, Math.max(0, skipped - length), Math.max(0, behind - length));
      }
    }
  }

  private void word(RamBlock block, long offset, boolean named, ByteBuffer to) {
    if (pieces.kind() == StreamPieces.Kind.PAGES) {
      writer.page(block, offset, named, to);
    } else {
      writer.zeroPage(block, offset, named, to);
    }
  }

  private void page(long offset, int from, int to) {
    if (from < to && pieces.kind() == StreamPieces.Kind.PAGES) {
      copy(pieces.block().position(offset + from), to - from);
    }
  }

  private void copy(long imageOffset, int length) {
    if (length > 0) {
      out.put(out.position(), parts.buffer(), parts.position(imageOffset), length);
      out.position(out.position() + length);
    }
  }
}
