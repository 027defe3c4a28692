/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.stillframe.system.FileIdentity;
import org.stillframe.system.MappedArea;

class MemoryMapTest {
  private final MemoryMap map =
      parse(
          List.of(
              "55ded3b0c000-55ded3fa3000 r--p 00000000 fe:00 2170898    /usr/bin/qemu",
              "7f13e2200000-7f13e2201000 rw-p 00000000 00:00 0 ",
              "7f13e2201000-7f13e2202000 ---p 00000000 00:00 0 ",
              "7f13e3e00000-7f13e4e00000 rw-p 00000000 00:00 0 ",
              "7f13e4e00000-7f13ebe00000 rw-s 00000000 00:01 3077   /memfd:pc.ram (deleted)",
              "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0    [vsyscall]"));

  private static MemoryMap parse(List<String> lines) {
    return new MemoryMap(lines.stream().map(line -> MappedArea.parse(line).get()).toList());
  }

  @Test
  void areasAreToldApart() {
    assertEquals(Optional.of(true), map.anonymous(0x7f13e2200000L, 0x1000));
    assertEquals(Optional.of(true), map.anonymous(0x7f13e3e00000L, 0x1000000));
    assertEquals(Optional.of(false), map.anonymous(0x7f13e4e00000L, 0x1000));
  }

  @Test
  void aRangeOverTwoAreasIsAnonymousIfBothAre() {
    assertEquals(Optional.of(false), map.anonymous(0x7f13e4dff000L, 0x2000));
  }

  @Test
  void whatIsNotMappedOrNotReadableIsNotThere() {
    assertEquals(Optional.empty(), map.anonymous(0x7f13e2200000L, 0x1001));
    assertEquals(Optional.empty(), map.anonymous(0x7f13e2202000L, 0x1000));
    assertEquals(Optional.empty(), map.anonymous(0x1000, 0x1000));
    assertEquals(Optional.empty(), map.anonymous(0x7f13ebdff000L, 0x2000));
  }

  @Test
  void sharedMemoryIsAPartOfAFile() {
    assertEquals(
        Optional.of(
            new SharedPart(
                "7f13e4e00000-7f13ebe00000", new FileIdentity("00:01", 3077), 0x2000, 0x3000)),
        map.shared(0x7f13e4e02000L, 0x3000));
    assertEquals(Optional.empty(), map.shared(0x7f13e3e00000L, 0x1000), "has no file");
    assertEquals(Optional.empty(), map.shared(0x7f13e4dff000L, 0x2000), "begins without a file");
    assertEquals(Optional.empty(), map.shared(0x55ded3b0c000L, 0x1000), "is private");
    assertEquals(Optional.empty(), map.shared(0x7f13ebdff000L, 0x2000), "ends too early");
  }

  @Test
  void whatIsSplitIsOnePartIfItGoesOnInTheFile() {
    MemoryMap split =
        parse(
            List.of(
                "7f0000000000-7f0000200000 rw-s 00100000 fe:11 77    /dev/hugepages/a",
                "7f0000200000-7f0000400000 rw-s 00300000 fe:11 77    /dev/hugepages/a",
                "7f0000400000-7f0000600000 r--s 00500000 fe:11 77    /dev/hugepages/a",
                "7f0000600000-7f0000800000 rw-s 00800000 fe:11 77    /dev/hugepages/a",
                "7f0000800000-7f0000a00000 rw-s 00a00000 fe:11 78    /dev/hugepages/b",
                "7f0000a00000-7f0000c00000 rw-p 00c00000 fe:11 78    /dev/hugepages/b"));
    assertEquals(
        Optional.of(
            new SharedPart(
                "7f0000000000-7f0000200000", new FileIdentity("fe:11", 77), 0x180000, 0x400000)),
        split.shared(0x7f0000080000L, 0x400000));
    assertTrue(split.writable(0x7f0000000000L, 0x400000));
    assertFalse(split.writable(0x7f0000000000L, 0x400001), "the third is only read");
    assertEquals(Optional.empty(), split.shared(0x7f0000400000L, 0x400000), "a gap in the file");
    assertEquals(Optional.empty(), split.shared(0x7f0000600000L, 0x400000), "another file");
    assertEquals(Optional.empty(), split.shared(0x7f0000800000L, 0x400000), "partly private");
  }

  @Test
  void thisProcessHasOne() throws Exception {
    int own = (int) ProcessHandle.current().pid();
    assertTrue(MemoryMap.of(own).anonymous(0, 1).isEmpty(), "nothing is at 0");
  }
}
