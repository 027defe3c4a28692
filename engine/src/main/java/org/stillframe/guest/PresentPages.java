/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;

/**
 * Which pages of a process have memory or swap, by /proc/PID/pagemap (the kernel's
 * Documentation/admin-guide/mm/pagemap.rst): the others of an anonymous area were never touched.
 * Used by one thread.
 */
final class PresentPages {
  /** The kernel's own pages; the map has one entry for each. */
  static final int PAGE = 4096;

  private static final int MOST = 4096;

  /** Bit 63: there is memory. Bit 62: it is in swap. */
  private static final long PRESENT = 3L << 62;

  private final FileCalls files;
  private final Descriptor map;
  private final ByteBuffer entries =
      ByteBuffer.allocateDirect(MOST * Long.BYTES).order(ByteOrder.nativeOrder());
  private long first;

  PresentPages(FileCalls files, Descriptor map) {
    this.files = files;
    this.map = map;
  }

  /**
   * Looks at pages.
   *
   * @param length in bytes, whole pages, 16 MiB at the most
   * @return whether any of them is there
   */
  boolean look(long address, long length) throws SystemCallException {
    first = address / PAGE;
    int count = (int) (length / PAGE);
    entries.clear().limit(count * Long.BYTES);
    files.read(map.number(), entries, first * Long.BYTES);
    // What the map does not tell is taken to be there.
    int told = entries.position() / Long.BYTES;
    for (int i = told; i < count; i++) {
      entries.putLong(i * Long.BYTES, PRESENT);
    }
    for (int i = 0; i < count; i++) {
      if ((entries.getLong(i * Long.BYTES) & PRESENT) != 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether a page of those that were looked at is there. */
  boolean isPresent(long address) {
    int index = (int) (address / PAGE - first);
    return (entries.getLong(index * Long.BYTES) & PRESENT) != 0;
  }
}
