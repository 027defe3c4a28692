/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.stillframe.error.DamagedException;

/** What stands where in a mapped file: nothing may stand on anything else. */
final class MappedRegions {
  private record Region(long begin, long end, String what) {}

  private final List<Region> regions = new ArrayList<>();
  private final long size;

  /** Regions of a file of {@code size} bytes. */
  MappedRegions(long size) {
    this.size = size;
  }

  /** Adds what was read: it lies in the file. */
  void add(long begin, long end, String what) {
    regions.add(new Region(begin, end, what));
  }

  /**
   * Adds what a header claims.
   *
   * @param at where the header stands
   * @throws DamagedException if it does not lie in the file
   */
  void claim(long begin, long length, String what, long at, String where) throws DamagedException {
    if (begin < 0 || begin > size || length > size - begin) {
      throw Faults.damaged(
          at,
          where,
          String.format(
              "%s, %d bytes at byte %s, ends behind the file, which has %d: it was cut, or its save"
                  + " never finished",
              what, length, Long.toUnsignedString(begin), size));
    }
    add(begin, begin + length, what);
  }

  /** Checks that no two of them overlap. */
  void requireApart() throws DamagedException {
    regions.sort(Comparator.comparingLong(Region::begin));
    Region before = null;
    for (Region region : regions) {
      if (before != null && region.begin() < before.end()) {
        throw Faults.damaged(region.begin(), region.what(), "it lies over " + before.what());
      }
      before = before != null && before.end() > region.end() ? before : region;
    }
  }
}
