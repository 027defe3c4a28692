/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.stillframe.system.MappedArea;

/**
 * A piece of a process's memory, by /proc/PID/smaps (proc(5)). Immutable.
 *
 * @param area where it is, and of which file
 * @param own KiB that the process has of its own by now, in memory or in swap: of a private mapping
 *     what was written to, whose content is no longer the file's, and huge pages that nobody else
 *     has, which may be of the file
 * @param present KiB of it that are in the process's memory or in swap by now
 */
record MappedPiece(MappedArea area, long own, long present) {
  /**
   * The pieces of a process that a range is made of, in order; they may begin before it and reach
   * beyond it.
   *
   * @return nothing if not all of the range is mapped
   * @throws IOException if the process may not be looked at, or has ended
   */
  static List<MappedPiece> of(int process, long begin, long length) throws IOException {
    try (BufferedReader lines = MappedArea.open(Integer.toString(process), "smaps")) {
      return read(lines, begin, begin + length);
    }
  }

  static List<MappedPiece> read(BufferedReader lines, long begin, long end) throws IOException {
    List<MappedPiece> pieces = new ArrayList<>();
    long at = begin;
    String line = lines.readLine();
    while (line != null && at < end) {
      // The lines that tell of a piece begin with a capital; there are twenty and more of each.
      MappedArea area = isDetail(line) ? null : MappedArea.parse(line).orElse(null);
      line = lines.readLine();
      if (area == null || area.end() <= at) {
        continue;
      }
      if (area.begin() > at) {
        return List.of();
      }
      long own = 0;
      long present = 0;
      while (line != null && isDetail(line)) {
        if (line.startsWith("Anonymous:")) {
          own += kibibytes(line);
        } else if (line.startsWith("Rss:") || line.startsWith("Shared_Hugetlb:")) {
          present += kibibytes(line);
        } else if (line.startsWith("Swap:") || line.startsWith("Private_Hugetlb:")) {
          // Huge pages are not among the anonymous ones, whether they were written to or not.
          own += kibibytes(line);
          present += kibibytes(line);
        }
        line = lines.readLine();
      }
      pieces.add(new MappedPiece(area, own, present));
      at = area.end();
    }
    return at < end ? List.of() : pieces;
  }

  private static boolean isDetail(String line) {
    return !line.isEmpty() && line.charAt(0) >= 'A' && line.charAt(0) <= 'Z';
  }

  /** Whether nobody but QEMU ever had it: what was never touched of it is zero. */
  boolean isMemory() {
    String path = area.path();
    return !area.isOfFile()
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
