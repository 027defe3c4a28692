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
 * @param address where it begins in QEMU's process; 0 if QEMU does not tell, as before 8.0
 */
public record HostRam(String name, long length, long room, long address) {
  /**
   * Name, page size, offset, used, total, address; the columns are as wide as they need to be.
   * Numbers of more than 60 bits are none of a process: sums of these do not overflow.
   */
  private static final Pattern LINE =
      Pattern.compile(
          " *(\\S*?) +\\d+ \\S+ +0x[0-9a-f]+ +0x0*([0-9a-f]{1,15}) +0x0*([0-9a-f]{1,15})"
              + "(?: +0x0*([0-9a-f]{1,15}) +r[ow])?");

  /** Checks that the name is not null. */
  public HostRam {
    Objects.requireNonNull(name, "name");
  }

  /** Whether QEMU has told where all of these lie. */
  static boolean located(List<HostRam> blocks) {
    return !blocks.isEmpty() && blocks.stream().allMatch(block -> block.address() != 0);
  }

  /**
   * Reads what QEMU prints for {@code info ramblock}. Blocks without a name are left out, as they
   * are of every migration: a memory backend that no device uses, for example.
   *
   * @return nothing if it is not understood
   */
  static List<HostRam> parse(String text) {
    List<HostRam> blocks = new ArrayList<>();
    for (String line : text.split("\\R")) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        HostRam block =
            new HostRam(
                matcher.group(1),
                Long.parseLong(matcher.group(2), 16),
                Long.parseLong(matcher.group(3), 16),
                matcher.group(4) == null ? 0 : Long.parseLong(matcher.group(4), 16));
        if (!block.name().isEmpty()) {
          blocks.add(block);
        }
      } else if (!line.isBlank() && !line.contains("Block Name")) {
        return List.of();
      }
    }
    return blocks;
  }
}
