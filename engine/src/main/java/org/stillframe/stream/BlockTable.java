/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The blocks of a stream with what was counted for them; found by name without allocating. */
final class BlockTable {
  /** A guest has tens of blocks; this is far above any, and bounds what a list may cost. */
  static final int MAX_BLOCKS = 4096;

  /** A block and its counters. */
  static final class Entry {
    final RamBlock block;
    final String label;
    final byte[] name;
    long dataPages;
    long zeroPages;
    long encodedPages;

    Entry(RamBlock block) {
      this.block = block;
      this.label = "RAM block " + block.name();
      this.name = block.name().getBytes(StandardCharsets.UTF_8);
    }

    BlockSummary counts() {
      return new BlockSummary(block, dataPages, zeroPages, encodedPages, Optional.empty());
    }
  }

  private final List<Entry> entries = new ArrayList<>();
  private final Set<String> names = new HashSet<>();
  private Entry[] byName = {};

  /** Adds a block; false if its name is taken. */
  boolean add(RamBlock block) {
    entries.add(new Entry(block));
    return names.add(block.name());
  }

  /** Ends the adding: from here on blocks can be found. */
  void seal() {
    byName = entries.toArray(Entry[]::new);
    Arrays.sort(byName, (a, b) -> Arrays.compare(a.name, b.name));
  }

  /**
   * The block whose name is the first {@code length} bytes; null if there is none. A search by
   * halves: a hash would let a hostile list make every search a long one.
   */
  Entry find(byte[] name, int length) {
    int low = 0;
    int high = byName.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      byte[] other = byName[middle].name;
      int order = Arrays.compare(name, 0, length, other, 0, other.length);
      if (order == 0) {
        return byName[middle];
      }
      if (order < 0) {
        high = middle - 1;
      } else {
        low = middle + 1;
      }
    }
    return null;
  }

  int size() {
    return entries.size();
  }

  List<RamBlock> blocks() {
    return entries.stream().map(entry -> entry.block).toList();
  }

  List<BlockSummary> counts() {
    return entries.stream().map(Entry::counts).toList();
  }
}
