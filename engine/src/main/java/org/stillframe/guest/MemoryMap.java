/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.stillframe.system.MappedArea;

/** What a process has mapped, by /proc/PID/maps (proc(5)). Immutable. */
final class MemoryMap {
  private final List<MappedArea> areas;

  MemoryMap(List<MappedArea> areas) {
    this.areas = areas;
  }

  static MemoryMap of(int process) throws IOException {
    return new MemoryMap(MappedArea.of(Integer.toString(process)));
  }

  /**
   * Looks at a range.
   *
   * @return whether all of it is private memory without a file, of which what was never touched is
   *     zero; empty if not all of it can be read
   */
  Optional<Boolean> anonymous(long begin, long length) {
    List<MappedArea> range = range(begin, length);
    if (range.isEmpty() || !range.stream().allMatch(MappedArea::isReadable)) {
      return Optional.empty();
    }
    return Optional.of(range.stream().noneMatch(area -> area.isShared() || area.isOfFile()));
  }

  /** Whether all of a range may be written by the process. */
  boolean writable(long begin, long length) {
    return range(begin, length).stream().allMatch(MappedArea::isWritable);
  }

  /**
   * The part of a file that a range shows and shares. What madvise(2) has split counts as one.
   *
   * @return empty if not all of the range does, or parts of it come from elsewhere
   */
  Optional<SharedPart> shared(long begin, long length) {
    List<MappedArea> range = range(begin, length);
    if (range.isEmpty() || !isSharedFile(range.get(0))) {
      return Optional.empty();
    }
    for (int i = 1; i < range.size(); i++) {
      if (!follows(range.get(i), range.get(i - 1))) {
        return Optional.empty();
      }
    }
    MappedArea first = range.get(0);
    return Optional.of(
        new SharedPart(
            first.range(), first.file(), first.offset() + begin - first.begin(), length));
  }

  private static boolean isSharedFile(MappedArea area) {
    return area.isShared() && area.isOfFile();
  }

  /** Whether an area goes on in memory and file where another one ends. */
  private static boolean follows(MappedArea area, MappedArea before) {
    return isSharedFile(area)
        && isSharedFile(before)
        && area.file().equals(before.file())
        && area.offset() - before.offset() == area.begin() - before.begin();
  }

  /** The areas that a range lies in; none if there is a gap. */
  private List<MappedArea> range(long begin, long length) {
    List<MappedArea> range = new ArrayList<>();
    long at = begin;
    for (MappedArea area : areas) {
      if (area.holds(at)) {
        range.add(area);
        at = area.end();
        if (at >= begin + length) {
          return range;
        }
      }
    }
    return List.of();
  }
}
