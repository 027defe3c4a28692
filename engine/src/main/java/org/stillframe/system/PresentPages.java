/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;

/**
 * Which pages of a process have memory or swap of their own, by /proc/PID/pagemap (the kernel's
 * Documentation/admin-guide/mm/pagemap.rst): the others of an anonymous area are zero. Where the
 * kernel can scan (Linux 6.7), pages that were only read, and stand for the one page of zeros that
 * all share, count among the others. Used by one thread.
 */
public final class PresentPages {
  /** The kernel's own pages. */
  public static final int PAGE = 4096;

  /** The most that is looked at in one go, in pages. */
  private static final int MOST = 4096;

  /** Of an entry of the map. Bit 63: there is memory. Bit 62: it is in swap. */
  private static final long PRESENT = 3L << 62;

  // From <linux/fs.h>: PAGEMAP_SCAN, struct pm_scan_arg, struct page_region, categories.
  private static final long SCAN = 0xc060_6610L;
  private static final int SCAN_LENGTH = 96;
  private static final int START = 16;
  private static final int REGIONS = 40;
  private static final int INVERTED = 64;
  private static final int REGION_LENGTH = 24;
  private static final long IS_PRESENT = 1 << 3;
  private static final long IS_SWAPPED = 1 << 4;
  private static final long IS_ZERO = 1 << 5;

  private final SystemCalls system;
  private final FileCalls files;
  private final Descriptor map;
  private final ByteBuffer scan = SystemCalls.buffer(SCAN_LENGTH);
  private final ByteBuffer regions = SystemCalls.buffer((MOST / 2 + 1) * REGION_LENGTH);
  private ByteBuffer entries;
  private boolean scans;
  private int count;

  /**
   * Looks into a process.
   *
   * @param map its pagemap, open to be read
   */
  public PresentPages(SystemCalls system, Descriptor map) {
    this(system, map, true);
  }

  /** As above; tells whether to try first whether the kernel can scan. */
  PresentPages(SystemCalls system, Descriptor map, boolean scans) {
    this.system = system;
    this.map = map;
    this.scans = scans;
    files = new FileCalls(system);
  }

  /**
   * Looks at pages.
   *
   * @param address where they begin, at a whole page
   * @param length in bytes, whole pages, 16 MiB at the most
   * @return how many runs of them are there
   */
  public int look(long address, long length) throws SystemCallException {
    count = 0;
    if (scans) {
      scans = scan(address, length);
    }
    if (!scans) {
      read(address, (int) (length / PAGE));
    }
    return count;
  }

  /** Where a run of pages that are there begins. */
  public long begin(int run) {
    return regions.getLong(run * REGION_LENGTH);
  }

  /** Where it ends. */
  public long end(int run) {
    return regions.getLong(run * REGION_LENGTH + Long.BYTES);
  }

  /** Whether a page of those that were looked at is there. */
  public boolean isPresent(long address) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (address < begin(middle)) {
        high = middle - 1;
      } else if (address >= end(middle)) {
        low = middle + 1;
      } else {
        return true;
      }
    }
    return false;
  }

  /** False if the kernel cannot do it. */
  private boolean scan(long address, long length) throws SystemCallException {
    Libc libc = system.libc();
    scan.putLong(0, SCAN_LENGTH).putLong(START, address).putLong(START + 8, address + length);
    scan.putLong(REGIONS, libc.address(regions));
    scan.putLong(REGIONS + 8, regions.capacity() / REGION_LENGTH);
    // What has to be there once "zero" is turned round, and of what one has to be there.
    scan.putLong(INVERTED, IS_ZERO).putLong(INVERTED + 8, IS_ZERO);
    scan.putLong(INVERTED + 16, IS_PRESENT | IS_SWAPPED);
    int found = libc.ioctl(map.number(), SCAN, scan);
    Reference.reachabilityFence(regions);
    Reference.reachabilityFence(scan);
    if (found >= 0) {
      count = found;
      return true;
    }
    int errno = system.lastError();
    if (errno == Errno.ENOTTY || errno == Errno.EINVAL) {
      return false;
    }
    throw system.failure("ioctl");
  }

  private void read(long address, int pages) throws SystemCallException {
    if (entries == null) {
      entries = SystemCalls.buffer(MOST * Long.BYTES);
    }
    entries.clear().limit(pages * Long.BYTES);
    files.read(map.number(), entries, address / PAGE * Long.BYTES);
    int told = entries.position() / Long.BYTES;
    boolean inside = false;
    for (int i = 0; i < pages; i++) {
      // What the map does not tell is taken to be there.
      boolean present = i >= told || (entries.getLong(i * Long.BYTES) & PRESENT) != 0;
      long at = address + (long) i * PAGE;
      if (present && !inside) {
        regions.putLong(count++ * REGION_LENGTH, at);
      }
      if (present) {
        regions.putLong((count - 1) * REGION_LENGTH + Long.BYTES, at + PAGE);
      }
      inside = present;
    }
  }
}
