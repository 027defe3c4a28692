/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a RAM block of a QEMU on this host lies. Immutable.
 *
 * @param name of the block, for example {@code pc.ram}
 * @param length of what the guest uses of it, in bytes
 * @param room how long it may become, in bytes
 * @param address where it begins in QEMU's process
 */
public record HostRam(String name, long length, long room, long address) {
  /** Name, page size, offset, used, total, address; the columns are as wide as they need to be. */
  private static final Pattern LINE =
      Pattern.compile(
          " *(\\S+) +\\d+ \\S+ +0x[0-9a-f]+ +0x([0-9a-f]+) +0x([0-9a-f]+) +0x([0-9a-f]+)"
              + " +r[ow]");

  /** Checks that the name is not null. */
  public HostRam {
    Objects.requireNonNull(name, "name");
  }

  /**
   * Reads what QEMU prints for {@code info ramblock}.
   *
   * @return nothing if it does not tell addresses, as before 8.0
   */
  static List<HostRam> parse(String text) {
    List<HostRam> blocks = new ArrayList<>();
    for (String line : text.split("\\R")) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        blocks.add(
            new HostRam(
                matcher.group(1),
                Long.parseUnsignedLong(matcher.group(2), 16),
                Long.parseUnsignedLong(matcher.group(3), 16),
                Long.parseUnsignedLong(matcher.group(4), 16)));
      } else if (!line.isBlank() && !line.contains("Block Name")) {
        return List.of();
      }
    }
    return blocks;
  }
}
