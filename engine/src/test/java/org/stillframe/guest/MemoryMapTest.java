/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MemoryMapTest {
  private final MemoryMap map =
      MemoryMap.parse(
          List.of(
              "55ded3b0c000-55ded3fa3000 r--p 00000000 fe:00 2170898    /usr/bin/qemu",
              "7f13e2200000-7f13e2201000 rw-p 00000000 00:00 0 ",
              "7f13e2201000-7f13e2202000 ---p 00000000 00:00 0 ",
              "7f13e3e00000-7f13e4e00000 rw-p 00000000 00:00 0 ",
              "7f13e4e00000-7f13ebe00000 rw-s 00000000 00:01 3077   /memfd:pc.ram (deleted)",
              "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0    [vsyscall]"));

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
  void thisProcessHasOne() throws Exception {
    int own = (int) ProcessHandle.current().pid();
    assertTrue(MemoryMap.of(own).anonymous(0, 1).isEmpty(), "nothing is at 0");
  }
}
