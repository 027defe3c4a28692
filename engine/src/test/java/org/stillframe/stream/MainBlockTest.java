/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MainBlockTest {
  /** The blocks are those of guests of QEMU 10.0, by {@code info ramblock}. */
  @ParameterizedTest
  @CsvSource({
    "pc.ram, pc.ram /rom@etc/acpi/tables pc.bios pc.rom /rom@etc/table-loader /rom@etc/acpi/rsdp",
    "pc.ram, pc.ram 0000:00:02.0/vga.vram 0000:00:03.0/virtio-net-pci.rom 0000:00:02.0/vga.rom",
    "microvm.ram, microvm.ram /rom@etc/acpi/tables pc.bios /rom@etc/table-loader",
    "pc.ram, pc.ram system.flash0 system.flash1 pc.rom /rom@etc/acpi/tables",
    "pc.ram, pc.ram vga.vram isa-bios tpm-ppi",
    "foo, foo pc.bios pc.rom",
    "pc.ram, 0000:00:01.0/iv pc.ram pc.bios",
    "a b, a b pc.bios pc.rom",
    "d1 pc.ram, d1 pc.ram pc.bios pc.rom",
    "pc.ram unheard-of.vram, pc.ram unheard-of.vram",
    "'', pc.bios /rom@etc/acpi/tables 1st x=y -m",
  })
  void mainMemoryIsToldByItsName(String expected, String blocks) {
    List<RamBlock> all = new ArrayList<>();
    for (String name : blocks.split(" ")) {
      all.add(new RamBlock(all.size(), name, 4096, OptionalLong.empty()));
    }
    List<String> found = MainBlock.candidates(all).stream().map(RamBlock::name).toList();
    assertEquals(expected, String.join(" ", found));
  }
}
