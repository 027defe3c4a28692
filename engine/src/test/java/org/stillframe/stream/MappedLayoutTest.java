/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.stillframe.error.RequestException;

/** The layout of a file that QEMU 10.0.2 wrote of a guest with 128 MiB, machine q35. */
class MappedLayoutTest {
  private static final String FIRST_BYTES =
      "5145564d00000003070000000b70632d7133352d31302e30051a636f6e666967"
          + "75726174696f6e2f6361706162696c697469657300000001000000010a6d6170"
          + "7065642d72616d01000000010372616d00000000000000040000000008082004"
          + "0670632e72616d00000000080000000000000100000000000010000000000000"
          + "00008b0000000000100000";

  private static Configuration configuration(String... capabilities) {
    return new Configuration("pc-q35-10.0", 4096, List.of(capabilities), Optional.empty(), false);
  }

  private static RamBlock block(int index, String name, long length) {
    return new RamBlock(index, name, length, OptionalLong.empty());
  }

  @Test
  void everythingStandsWhereQemuPutsIt() throws Exception {
    MappedLayout layout =
        new MappedLayout(
            configuration(),
            1,
            List.of(
                block(0, "pc.ram", 0x8000000),
                block(1, "/rom@etc/acpi/tables", 0x20000),
                block(2, "pc.bios", 0x40000),
                block(3, "pc.rom", 0x20000),
                block(4, "/rom@etc/table-loader", 0x1000),
                block(5, "/rom@etc/acpi/rsdp", 0x1000)));
    ByteBuffer head = layout.header(0);
    byte[] bytes = new byte[head.remaining()];
    head.get(bytes);
    assertEquals(FIRST_BYTES, HexFormat.of().formatHex(bytes));
    assertEquals(135_266_304, layout.entryOffset(1));
    assertEquals(135_266_361, layout.blocks().get(1).header().bitmapOffset());
    assertEquals(
        List.of(1_048_576L, 136_314_880L, 137_363_456L, 138_412_032L, 139_460_608L, 140_509_184L),
        layout.blocks().stream().map(block -> block.header().pagesOffset()).toList());
    assertEquals(140_513_280, layout.end());
  }

  @Test
  void aGuestThatIsNotWholeIsRefused() {
    RequestException e =
        assertThrows(
            RequestException.class,
            () ->
                new MappedLayout(
                    configuration("x-ignore-shared"), 1, List.of(block(0, "pc.ram", 4096))));
    assertTrue(e.getMessage().contains("x-ignore-shared"), e.getMessage());
  }

  @Test
  void moreRamThanAnyGuestHasIsRefusedBeforeMemoryIsTaken() {
    List<RamBlock> huge = List.of(block(0, "pc.ram", Long.MAX_VALUE & -4096L));
    RequestException e =
        assertThrows(RequestException.class, () -> new MappedLayout(configuration(), 1, huge));
    assertTrue(e.getMessage().contains("64 TiB"), e.getMessage());
  }

  @Test
  void theConfigurationIsWrittenAsItWasRead() throws Exception {
    byte[] read =
        StreamBuilder.plain()
            .subsection("configuration/target-page-bits")
            .u32(12)
            .capabilities("mapped-ram")
            .subsection("configuration/uuid")
            .u64(0x1111)
            .u64(0x2222)
            .bytes();
    Configuration configuration = ConfigurationReader.read(Chunks.input(read, 64));
    ByteBuffer out = ByteBuffer.allocate(ConfigurationWriter.MAX_LENGTH);
    ConfigurationWriter.write(configuration, out);
    assertEquals(ByteBuffer.wrap(read), out.flip());
    assertTrue(StandardCharsets.US_ASCII.decode(out).toString().contains("mapped-ram"));
  }
}
