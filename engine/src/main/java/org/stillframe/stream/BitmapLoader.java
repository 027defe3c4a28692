/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.stillframe.error.StillframeException;

/** Reads the bitmaps of a mapped file, and sees whether they were ever written. */
final class BitmapLoader {
  private static final int BUFFER = 1 << 20;

  /** How much of each page area is read for data that no bitmap marks, holes or not. */
  private static final long SEARCHED_PER_BLOCK = 64 << 20;

  /** How much is read in all. */
  private static final long SEARCHED = 4L << 30;

  private static final String UNFINISHED =
      "any block is marked: the save never finished, or was a background snapshot, whose bitmaps"
          + " QEMU does not write";

  private static final String SPOILT = "this block, main memory, is marked: its bitmap was lost";

  private final PositionedBytes bytes;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);

  BitmapLoader(PositionedBytes bytes) {
    this.bytes = bytes;
    buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Fills the bitmaps of the blocks. */
  void load(List<MappedBlock> blocks) throws StillframeException {
    List<MappedBlock> unmarked = new ArrayList<>();
    for (MappedBlock block : blocks) {
      if (!load(block)) {
        unmarked.add(block);
      }
    }
    if (unmarked.size() == blocks.size()) {
      requireNoData(blocks, UNFINISHED);
      return;
    }
    // A block of a device may be zero throughout when a guest that runs has been saved, and have
    // data in its slots from before. All of main memory is not.
    List<RamBlock> main = MainBlock.candidates(blocks.stream().map(MappedBlock::block).toList());
    if (main.size() == 1) {
      MappedBlock only = blocks.get(main.get(0).index());
      unmarked.removeIf(block -> block != only);
      requireNoData(unmarked, SPOILT);
    }
  }

  private boolean load(MappedBlock block) throws StillframeException {
    PageBitmap bitmap = block.bitmap();
    long begin = block.header().bitmapOffset();
    boolean any = false;
    for (long index = 0; index < bitmap.words(); ) {
      long at = begin + index * Long.BYTES;
      fill(
          at, (bitmap.words() - index) * Long.BYTES, "bitmap of RAM block " + block.block().name());
      for (; buffer.hasRemaining(); index++) {
        long word = buffer.getLong();
        any |= word != 0;
        if (bitmap.marksTooMany(index, word)) {
          throw Faults.damaged(
              begin + index * Long.BYTES,
              "bitmap of RAM block " + block.block().name(),
              "it marks pages behind the last of the block's " + bitmap.pages());
        }
        bitmap.load(index, word);
      }
    }
    return any;
  }

  /**
   * A guest whose RAM is nothing but zeros does not happen, but is sound. The beginning of every
   * page area is read; behind it, what is known not to be a hole.
   */
  private void requireNoData(List<MappedBlock> blocks, String otherwise)
      throws StillframeException {
    long left = SEARCHED;
    for (MappedBlock block : blocks) {
      long begin = block.position(0);
      long read = Math.min(block.block().usedLength(), Math.min(left, SEARCHED_PER_BLOCK));
      requireZeros(block, begin, begin + read, otherwise);
      left -= read;
    }
    for (MappedBlock block : blocks) {
      long end = block.position(0) + block.block().usedLength();
      long at = block.position(0) + SEARCHED_PER_BLOCK;
      while (left > 0 && at < end) {
        long data = bytes.data(at);
        if (data < 0 || data >= end) {
          break;
        }
        // Words are where they are in a page, whatever a hole's end is a multiple of.
        at = Math.max(at, data - data % Long.BYTES);
        long length = Math.min(end - at, Math.min(left, BUFFER));
        requireZeros(block, at, at + length, otherwise);
        at += length;
        left -= length;
      }
    }
  }

  private void requireZeros(MappedBlock block, long begin, long end, String otherwise)
      throws StillframeException {
    String where = "RAM block " + block.block().name();
    for (long at = begin; at < end; at += buffer.limit()) {
      fill(at, end - at, where);
      while (buffer.hasRemaining()) {
        if (buffer.getLong() != 0) {
          throw Faults.damaged(
              at + buffer.position() - Long.BYTES,
              where,
              "its page area holds data, but no page of " + otherwise);
        }
      }
    }
  }

  private void fill(long at, long length, String where) throws StillframeException {
    buffer.clear().limit((int) Math.min(BUFFER, length));
    bytes.read(at, buffer);
    if (buffer.hasRemaining()) {
      throw Faults.cut(at + buffer.position(), where);
    }
    buffer.flip();
  }
}
