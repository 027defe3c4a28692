/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;

/** Bytes on the heap, page by page; pages that were never written take no room. */
final class MemoryMedium implements Medium {
  private static final int PAGE = 1 << 16;

  private final TreeMap<Long, byte[]> pages = new TreeMap<>();
  private long size;

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(ByteBuffer buffer, long offset) {
    for (long at = offset; at < size && buffer.hasRemaining(); ) {
      int start = (int) (at % PAGE);
      int length = (int) Math.min(Math.min(PAGE - start, buffer.remaining()), size - at);
      byte[] page = pages.get(at / PAGE);
      buffer.put(page == null ? new byte[length] : page, page == null ? 0 : start, length);
      at += length;
    }
  }

  @Override
  public void write(ByteBuffer buffer, long offset) {
    long at = offset;
    while (buffer.hasRemaining()) {
      int start = (int) (at % PAGE);
      int length = Math.min(PAGE - start, buffer.remaining());
      buffer.get(pages.computeIfAbsent(at / PAGE, number -> new byte[PAGE]), start, length);
      at += length;
      size = Math.max(size, at);
    }
  }

  @Override
  public void resize(long newSize) {
    if (newSize < size) {
      pages.tailMap((newSize + PAGE - 1) / PAGE).clear();
      byte[] last = pages.get(newSize / PAGE);
      if (last != null) {
        Arrays.fill(last, (int) (newSize % PAGE), PAGE, (byte) 0);
      }
    }
    size = newSize;
  }

  @Override
  public void sync() {}

  @Override
  public void close() {
    // The bytes outlive their users: that is what they are kept for.
  }
}
