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

/** What a process has mapped, by /proc/PID/maps (proc(5)). Immutable. */
final class MemoryMap {
  /** From, to, access, and the inode, which is 0 for memory without a file. */
  private static final Pattern LINE =
      Pattern.compile("([0-9a-f]+)-([0-9a-f]+) (\\S{4}) \\S+ \\S+ (\\d+).*");

  private final List<Area> areas;

  /** Memory of one kind. */
  private record Area(long begin, long end, boolean readable, boolean anonymous) {}

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
        String access = matcher.group(3);
        areas.add(
            new Area(
                Long.parseUnsignedLong(matcher.group(1), 16),
                Long.parseUnsignedLong(matcher.group(2), 16),
                access.startsWith("r"),
                access.endsWith("p") && matcher.group(4).equals("0")));
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
    boolean anonymous = true;
    long at = begin;
    for (Area area : areas) {
      if (area.begin <= at && at < area.end) {
        if (!area.readable) {
          return Optional.empty();
        }
        anonymous &= area.anonymous;
        at = area.end;
        if (at >= begin + length) {
          return Optional.of(anonymous);
        }
      }
    }
    return Optional.empty();
  }
}
