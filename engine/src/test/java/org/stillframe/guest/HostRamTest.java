/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What QEMU prints for "info ramblock", as recorded. */
class HostRamTest {
  private static final String TEN =
      "              Block Name    PSize              Offset               Used              Total"
          + "                HVA  RO\r\n"
          + "                  pc.ram    4 KiB  0x0000000000000000 0x0000000008000000"
          + " 0x0000000008000000 0x00007f13e3e00000  rw\r\n"
          + "    /rom@etc/acpi/tables    2 MiB  0x00000000090c0000 0x0000000000020000"
          + " 0x0000000000200000 0x00007f13e2600000  ro\r\n";

  @Test
  void blocksAreReadWithTheirAddresses() {
    assertEquals(
        List.of(
            new HostRam("pc.ram", 0x8000000, 0x8000000, 0x7f13e3e00000L),
            new HostRam("/rom@etc/acpi/tables", 0x20000, 0x200000, 0x7f13e2600000L)),
        HostRam.parse(TEN));
  }

  @Test
  void qemuBeforeEightTellsNoAddresses() {
    String seven =
        "              Block Name    PSize              Offset               Used"
            + "              Total\r\n"
            + "                  pc.ram    4 KiB  0x0000000000000000 0x0000000008000000"
            + " 0x0000000008000000\r\n";
    assertEquals(List.of(new HostRam("pc.ram", 0x8000000, 0x8000000, 0)), HostRam.parse(seven));
    assertFalse(HostRam.located(HostRam.parse(seven)));
    assertTrue(HostRam.located(HostRam.parse(TEN)));
    assertEquals(List.of(), HostRam.parse(""));
    assertFalse(HostRam.located(List.of()));
  }

  @Test
  void aLineThatCannotBeReadIsNotPassedOver() {
    assertEquals(List.of(), HostRam.parse(TEN + "something else\r\n"));
  }

  @Test
  void whatHasNoNameIsInNoMigration() {
    String unused =
        "                            4 KiB  0x0000000000000000 0x0000000000100000"
            + " 0x0000000000100000 0x00007fa6ce600000  rw\r\n";
    assertEquals(HostRam.parse(TEN), HostRam.parse(TEN + unused));
  }

  @Test
  void numbersThatNoProcessHasAreNotBelieved() {
    for (String length : List.of("ffffffffffffffff", "1ffffffffffffffff", "8000000000000000")) {
      String line =
          "  pc.ram    4 KiB  0x0000000000000000 0x"
              + length
              + " 0x0000000008000000 0x00007f13e3e00000  rw\r\n";
      assertEquals(List.of(), HostRam.parse(line), length);
    }
  }
}
