/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.stillframe.system.FileIdentity;

/**
 * A piece of a process's memory, by /proc/PID/smaps (proc(5)). Immutable.
 *
 * @param begin its first address
 * @param end the address behind it
 * @param access four letters, for example {@code rw-p}: the last says private or shared
 * @param offset where it begins in its file, in bytes
 * @param file the file it is mapped from; its inode is 0 if there is none
 * @param path the name the file had, and whether it is deleted; empty if there is none
 * @param own KiB that the process has of its own by now, in memory or in swap: of a private mapping
 *     what was written to, whose content is no longer the file's
 * @param present KiB of it that are in the process's memory or in swap by now
 */
record MappedPiece(
    long begin,
    long end,
    String access,
    long offset,
    FileIdentity file,
    String path,
    long own,
    long present) {
  private static final Pattern HEAD =
      Pattern.compile(
          "([0-9a-f]+)-([0-9a-f]+) (\\S{4}) ([0-9a-f]+) ([0-9a-f]+:[0-9a-f]+) (\\d+) *(.*)");

  /**
   * The pieces of a process that a range is made of, in order; they may begin before it and reach
   * beyond it.
   *
   * @return nothing if not all of the range is mapped
   * @throws IOException if the process may not be looked at, or has ended
   */
  static List<MappedPiece> of(int process, long begin, long length) throws IOException {
    Path map = Path.of("/proc/" + process + "/smaps");
    // A path may be of any bytes: those that are no text must not be a failure.
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(Files.newInputStream(map), StandardCharsets.UTF_8))) {
      return read(lines, begin, begin + length);
    }
  }

  static List<MappedPiece> read(BufferedReader lines, long begin, long end) throws IOException {
    List<MappedPiece> pieces = new ArrayList<>();
    long at = begin;
    String line = lines.readLine();
    while (line != null && at < end) {
      // The lines that tell of a piece begin with a capital; there are twenty and more of each.
      Matcher matcher = isDetail(line) ? null : HEAD.matcher(line);
      line = lines.readLine();
      if (matcher == null || !matcher.matches()) {
        continue;
      }
      long from = Long.parseUnsignedLong(matcher.group(1), 16);
      long to = Long.parseUnsignedLong(matcher.group(2), 16);
      if (from > at) {
        return List.of();
      }
      if (to <= at) {
        continue;
      }
      long own = 0;
      long present = 0;
      while (line != null && isDetail(line)) {
        if (line.startsWith("Anonymous:")) {
          own += kibibytes(line);
        } else if (line.startsWith("Rss:") || line.contains("_Hugetlb:")) {
          present += kibibytes(line);
        } else if (line.startsWith("Swap:")) {
          own += kibibytes(line);
          present += kibibytes(line);
        }
        line = lines.readLine();
      }
      pieces.add(
          new MappedPiece(
              from,
              to,
              matcher.group(3),
              Long.parseUnsignedLong(matcher.group(4), 16),
              new FileIdentity(matcher.group(5), Long.parseLong(matcher.group(6))),
              matcher.group(7),
              own,
              present));
      at = to;
    }
    return at < end ? List.of() : pieces;
  }

  private static boolean isDetail(String line) {
    return !line.isEmpty() && line.charAt(0) >= 'A' && line.charAt(0) <= 'Z';
  }

  /** Its name in /proc/PID/map_files. */
  String range() {
    return Long.toHexString(begin) + "-" + Long.toHexString(end);
  }

  /** Whether others may write to what it shows. */
  boolean isShared() {
    return access.endsWith("s");
  }

  /** Whether nobody but QEMU ever had it: what was never touched of it is zero. */
  boolean isMemory() {
    return file.inode() == 0
        || path.startsWith("/memfd:")
        || path.startsWith("/anon_hugepage")
        // What QEMU makes, and takes the name of, where mem-path is a directory.
        || path.contains("/qemu_back_mem.") && path.endsWith(" (deleted)");
  }

  private static long kibibytes(String line) throws IOException {
    String number = line.replaceAll("[^0-9]", "");
    if (number.isEmpty()) {
      throw new IOException("smaps says '" + line + "'");
    }
    return Long.parseLong(number);
  }
}
