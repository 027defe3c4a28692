/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Tells a guest's main memory from the other blocks of RAM, by their names: QEMU calls the block of
 * a memory backend by the backend's id, and what belongs to a device or a file of the firmware has
 * a path for a name. Seen with QEMU 10.0 on q35, pc and microvm. Stateless.
 */
public final class MainBlock {
  /** What an id may be: a path, as of {@code /rom@etc/acpi/tables}, is none. */
  private static final Pattern ID = Pattern.compile("[A-Za-z][A-Za-z0-9._-]*");

  /** What boards and their devices have without a path: firmware, flash, and VGA on the ISA bus. */
  private static final Set<String> OTHERS =
      Set.of(
          "pc.bios", "pc.rom", "isa-bios", "system.flash0", "system.flash1", "vga.vram", "tpm-ppi");

  private MainBlock() {}

  /**
   * The blocks that may be main memory.
   *
   * @return one, for most guests; several where there are NUMA nodes with memory of their own, or
   *     plugged memory
   */
  public static List<RamBlock> candidates(List<RamBlock> blocks) {
    return blocks.stream()
        .filter(block -> ID.matcher(block.name()).matches() && !OTHERS.contains(block.name()))
        .toList();
  }
}
