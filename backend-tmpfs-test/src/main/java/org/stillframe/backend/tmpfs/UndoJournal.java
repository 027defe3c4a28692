/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a file held when it was last synced, as far as it has changed since. Guarded by its user.
 */
final class UndoJournal {
  static final int BLOCK = 4096;

  private static final byte[] ZEROS = new byte[BLOCK];

  private final Medium medium;

  /** By number: the blocks that were changed since, as they were. */
  private final Map<Long, byte[]> previous = new TreeMap<>();

  /** The same of what a sync has failed to store: later ones do not try again. */
  private final Map<Long, byte[]> lost = new TreeMap<>();

  private long keptSize;
  private boolean resized;

  UndoJournal(Medium medium) throws IOException {
    this.medium = medium;
    keptSize = medium.size();
  }

  /** Whether a power cut would change nothing. */
  boolean isEmpty() {
    return previous.isEmpty() && lost.isEmpty() && !resized;
  }

  void beforeWrite(long offset, int length) throws IOException {
    if (length > 0) {
      resized |= offset + length > medium.size();
      remember(offset / BLOCK, (offset + length - 1) / BLOCK);
    }
  }

  void beforeResize(long size) throws IOException {
    long end = Math.min(medium.size(), keptSize);
    if (size < end) {
      remember(size / BLOCK, (end - 1) / BLOCK);
    }
    resized |= size != medium.size();
  }

  private void remember(long first, long last) throws IOException {
    for (long block = first; block <= last; block++) {
      if (!previous.containsKey(block)) {
        previous.put(block, read(block));
      }
    }
  }

  private byte[] read(long block) throws IOException {
    if (block * BLOCK >= keptSize) {
      return ZEROS;
    }
    ByteBuffer buffer = ByteBuffer.allocate(BLOCK);
    medium.read(buffer, block * BLOCK);
    return Arrays.equals(buffer.array(), ZEROS) ? ZEROS : buffer.array();
  }

  /** All that was written is kept, but for what was lost before and not written again. */
  void synced() throws IOException {
    lost.keySet().removeAll(previous.keySet());
    previous.clear();
    keptSize = medium.size();
    resized = false;
  }

  /** What was written since the last time will never be kept. */
  void syncFailed() {
    previous.forEach(lost::putIfAbsent);
    previous.clear();
  }

  /**
   * Makes the file what it was.
   *
   * @param tear decides what stays changed; null if nothing does
   */
  void rollBack(Tear tear) throws IOException {
    if (isEmpty()) {
      return;
    }
    long present = medium.size();
    Map<Long, byte[]> all = new TreeMap<>(previous);
    all.putAll(lost);
    long size = tear != null && tear.random().nextBoolean() ? present : keptSize;
    medium.resize(tear == null ? keptSize : Math.max(present, keptSize));
    for (Map.Entry<Long, byte[]> block : all.entrySet()) {
      restore(block.getKey() * BLOCK, block.getValue(), tear);
    }
    medium.resize(size);
    previous.clear();
    lost.clear();
    keptSize = size;
    resized = false;
  }

  private void restore(long start, byte[] old, Tear tear) throws IOException {
    long end = medium.size();
    int sector = tear == null ? BLOCK : tear.sector();
    for (int at = 0; at < BLOCK && start + at < end; at += sector) {
      if (tear == null || tear.random().nextBoolean()) {
        int length = (int) Math.min(sector, end - start - at);
        medium.write(ByteBuffer.wrap(old, at, length), start + at);
      }
    }
  }
}
