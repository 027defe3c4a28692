/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.OptionalLong;
import org.stillframe.error.StillframeException;

/** Reads the list of blocks that begins RAM (section "ram" version 4). */
final class BlockListReader {
  static final String LIST = "RAM block list";

  private final StreamInput input;
  private final int pageSize;
  private final boolean addresses;
  private final BlockTable table;

  /** What stands behind a block's entry, depending on the layout. */
  @FunctionalInterface
  interface Trailer {
    /** Reads it; the input stands behind the entry. */
    void read(RamBlock block) throws StillframeException;
  }

  BlockListReader(StreamInput input, Configuration configuration, BlockTable table) {
    this.input = input;
    this.pageSize = configuration.pageSize();
    this.addresses = configuration.ignoresShared();
    this.table = table;
  }

  /** Reads the list up to, and without, the end mark of its section. */
  void read(Trailer trailer) throws StillframeException {
    input.reading(LIST);
    long at = input.position();
    long word = input.u64();
    long total = word & -pageSize;
    if ((word & (pageSize - 1)) != Wire.RAM_MEM_SIZE || total <= 0) {
      throw Faults.damaged(
          at, LIST, String.format("it begins with 0x%x, not with its total", word));
    }
    // There is neither a count nor an end mark: the list ends when the total is reached.
    for (long left = total; left > 0; ) {
      RamBlock block = block(left);
      left -= block.usedLength();
      trailer.read(block);
    }
    table.seal();
  }

  private RamBlock block(long left) throws StillframeException {
    long at = input.position();
    if (table.size() == BlockTable.MAX_BLOCKS) {
      throw Faults.damaged(at, LIST, "it has more than " + BlockTable.MAX_BLOCKS + " blocks");
    }
    String blockName = input.text(input.u8());
    long length = input.u64();
    OptionalLong address = addresses ? OptionalLong.of(input.u64()) : OptionalLong.empty();
    if (blockName.isEmpty()) {
      throw Faults.damaged(at, LIST, "a block has no name");
    }
    if (length <= 0 || length > left || (length & (pageSize - 1)) != 0) {
      throw Faults.damaged(
          at,
          LIST,
          String.format(
              "block %s has the length 0x%x, which is no multiple of a page within the 0x%x bytes"
                  + " left of the total",
              blockName, length, left));
    }
    RamBlock block = new RamBlock(table.size(), blockName, length, address);
    if (!table.add(block)) {
      throw Faults.damaged(at, LIST, "block " + blockName + " stands twice");
    }
    return block;
  }
}
