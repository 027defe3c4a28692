/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.stillframe.system.FileIdentity;

/** What a process has mapped, by /proc/PID/maps (proc(5)). Immutable. */
final class MemoryMap {
  /** From, to, access, offset, device, and the inode, which is 0 for memory without a file. */
  private static final Pattern LINE =
      Pattern.compile(
          "(([0-9a-f]+)-([0-9a-f]+)) (\\S{4}) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\\d+).*");

  private final List<Area> areas;

  /** Memory of one kind. */
  private record Area(
      String name, long begin, long end, String access, long offset, FileIdentity file) {
    boolean readable() {
      return access.startsWith("r");
    }

    boolean writable() {
      return access.charAt(1) == 'w';
    }

    boolean shared() {
      return access.endsWith("s") && file.inode() != 0;
    }

    boolean anonymous() {
      return access.endsWith("p") && file.inode() == 0;
    }

    /** Whether it goes on in memory and file where another one ends. */
    boolean follows(Area other) {
      return other.shared()
          && shared()
          && file.equals(other.file)
          && offset - other.offset == begin - other.begin;
    }
  }

  private MemoryMap(List<Area> areas) {
    this.areas = areas;
  }

  static MemoryMap of(int process) throws IOException {
    return parse(Files.readAllLines(Path.of("/proc/" + process + "/maps")));
  }

  static MemoryMap parse(List<String> lines) {
    List<Area> areas = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        areas.add(
            new Area(
                matcher.group(1),
                Long.parseUnsignedLong(matcher.group(2), 16),
                Long.parseUnsignedLong(matcher.group(3), 16),
                matcher.group(4),
                Long.parseUnsignedLong(matcher.group(5), 16),
                new FileIdentity(matcher.group(6), Long.parseUnsignedLong(matcher.group(7)))));
      }
    }
    return new MemoryMap(areas);
  }

  /**
   * Looks at a range.
   *
   * @return whether all of it is private memory without a file, of which what was never touched is
   *     zero; empty if not all of it can be read
   */
  Optional<Boolean> anonymous(long begin, long length) {
    List<Area> range = range(begin, length);
    if (range.isEmpty() || !range.stream().allMatch(Area::readable)) {
      return Optional.empty();
    }
    return Optional.of(range.stream().allMatch(Area::anonymous));
  }

  /** Whether all of a range may be written by the process. */
  boolean writable(long begin, long length) {
    return range(begin, length).stream().allMatch(Area::writable);
  }

  /**
   * The part of a file that a range shows and shares. What madvise(2) has split counts as one.
   *
   * @return empty if not all of the range does, or parts of it come from elsewhere
   */
  Optional<SharedPart> shared(long begin, long length) {
    List<Area> range = range(begin, length);
    if (range.isEmpty() || !range.get(0).shared()) {
      return Optional.empty();
    }
    for (int i = 1; i < range.size(); i++) {
      if (!range.get(i).follows(range.get(i - 1))) {
        return Optional.empty();
      }
    }
    Area first = range.get(0);
    return Optional.of(
        new SharedPart(first.name, first.file, first.offset + begin - first.begin, length));
  }

  /** The areas that a range lies in; none if there is a gap. */
  private List<Area> range(long begin, long length) {
    List<Area> range = new ArrayList<>();
    long at = begin;
    for (Area area : areas) {
      if (area.begin <= at && at < area.end) {
        range.add(area);
        at = area.end;
        if (at >= begin + length) {
          return range;
        }
      }
    }
    return List.of();
  }
}
