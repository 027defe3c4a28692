/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.fail;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamHead;

/** What QEMU would not load is refused ahead, and nothing that it would. */
class RamMatchTest {
  private static final Qmp ADDRESS = Qmp.at(Path.of("/run/vm1.qmp"));

  private final Guest guest = mock(Guest.class);

  @BeforeEach
  void waits() throws Exception {
    when(guest.address()).thenReturn(ADDRESS);
    when(guest.machine()).thenReturn("pc-q35-7.2");
    // As before 8.0, without addresses.
    when(guest.ram())
        .thenReturn(
            List.of(
                new HostRam("pc.ram", 0x4000, 0x4000, 0),
                new HostRam("/rom@etc/acpi/tables", 0x2000, 0x8000, 0),
                new HostRam("/rom@etc/acpi/rsdp", 0x2000, 0x2000, 0),
                new HostRam("vga.vram", 0x1000, 0x1000, 0)));
  }

  private void require(String machine, String name, long length) throws Exception {
    RamBlock block = new RamBlock(0, name, length, OptionalLong.empty());
    Configuration configuration =
        new Configuration(machine, 4096, List.of(), Optional.empty(), false);
    RamMatch.requireLoadable(guest, () -> new StreamHead(configuration, List.of(block)));
  }

  private GuestException refused(String machine, String name, long length) {
    GuestException e =
        assertThrows(GuestException.class, () -> require(machine, name, length), name);
    assertEquals(ErrorCode.INCOMPATIBLE, e.code());
    assertEquals("load into QEMU at " + ADDRESS + ", RAM block " + name, e.what());
    return e;
  }

  /** The last of them may be resizable, or as long as all others are: QEMU knows. */
  @ParameterizedTest
  @CsvSource({
    "pc.ram, 0x4000",
    "/rom@etc/acpi/tables, 0x1000",
    "/rom@etc/acpi/tables, 0x8000",
    "/rom@etc/acpi/rsdp, 0x1000"
  })
  void whatQemuTakesIsNotRefused(String name, String length) throws Exception {
    require("pc-q35-7.2", name, Long.decode(length));
  }

  @ParameterizedTest
  @CsvSource({
    "pc.ram, 0x8000, 32768, 16384",
    "pc.ram, 0x2000, 8192, 16384",
    "/rom@etc/acpi/tables, 0x9000, 36864, 8192",
    "/rom@etc/acpi/rsdp, 0x3000, 12288, 8192"
  })
  void otherLengthsAre(String name, String length, long saved, long present) {
    GuestException e = refused("pc-q35-7.2", name, Long.decode(length));
    assertEquals(
        "it has " + saved + " bytes in the image and " + present + " in this QEMU", e.why());
    assertEquals("start QEMU with the options the guest was saved with", e.remedy());
  }

  @Test
  void anotherNameIs() {
    GuestException e = refused("pc-q35-7.2", "ram0", 0x4000);
    assertEquals("the image has it, and this QEMU has not", e.why());
  }

  @Test
  void whereTheMachineIsAnotherThatIsTold() {
    assertEquals(
        "the image is of machine pc-i440fx-7.2 and this is pc-q35-7.2; start QEMU with the options"
            + " the guest was saved with",
        refused("pc-i440fx-7.2", "ram0", 0x4000).remedy());
  }

  @Test
  void aQemuThatDoesNotTellIsLeftToItself() throws Exception {
    when(guest.ram()).thenReturn(List.of());
    RamMatch.requireLoadable(guest, () -> fail("the image is not even looked at"));
    when(guest.ram())
        .thenThrow(new QmpError(ADDRESS, "human-monitor-command", "CommandNotFound", "no"));
    RamMatch.requireLoadable(guest, () -> fail("the image is not even looked at"));
  }
}
