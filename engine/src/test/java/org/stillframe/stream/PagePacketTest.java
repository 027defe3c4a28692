/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;

class PagePacketTest {
  private static final int PAGE = 4096;
  private static final List<RamBlock> BLOCKS =
      List.of(
          new RamBlock(0, "pc.ram", 1 << 20, OptionalLong.empty()),
          new RamBlock(1, "pc.rom", 2 * PAGE, OptionalLong.empty()));

  private final PagePacketEncoder encoder = new PagePacketEncoder(PAGE);
  private final PagePacket packet = new PagePacket(3, PAGE, BLOCKS);
  private final ByteBuffer header = ByteBuffer.allocateDirect(encoder.headerLength());
  private final PageBatch batch = new PageBatch(PAGE);

  @BeforeEach
  void twoPagesAndAZeroPage() {
    batch.begin(BLOCKS.get(0));
    batch.page(PAGE);
    batch.page(5 * PAGE);
    batch.zero(9 * PAGE);
    encoder.pages(header, batch);
  }

  @Test
  void headersAreAsLongAsQemus() {
    assertEquals(1344, encoder.headerLength());
    assertEquals(1344, packet.headerLength());
    assertEquals(320 + 8 * 8, new PagePacket(0, 65536, BLOCKS).headerLength());
  }

  @Test
  void whatWasEncodedIsDecoded() throws Exception {
    decode();
    assertEquals(BLOCKS.get(0), packet.block());
    assertEquals(2, packet.pages());
    assertEquals(PAGE, packet.offset(0));
    assertEquals(5 * PAGE, packet.offset(1));
    assertEquals(1, packet.zeroPages());
    assertEquals(9 * PAGE, packet.zeroOffset(0));
    assertEquals(2 * PAGE, packet.payloadLength());
    assertFalse(packet.sync());
  }

  @Test
  void aSynchronisationHoldsNoPages() throws Exception {
    encoder.sync(header);
    decode();
    assertTrue(packet.sync());
    assertEquals(0, packet.pages() + packet.zeroPages());
    assertEquals(1, header.getLong(MultifdWire.NUMBER_AT), "packets are numbered");
  }

  @Test
  void aPacketWithoutPagesMaySayAnything() throws Exception {
    // As QEMU before 9.0 does: the length is that of the packet before, and there is no name.
    encoder.sync(header);
    header.putInt(MultifdWire.PAYLOAD_LENGTH_AT, 128 * PAGE);
    decode();
    assertEquals(0, packet.payloadLength());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0x51455644, magic 0x51455644",
    "12, 129, in a table of 129",
    "12, -1, in a table of 4294967295",
    "12, 2, 2 pages and 1 zero pages in a table of 2",
    "16, 129, counts 129 pages",
    "16, -1, counts 4294967295 pages",
    "32, 127, 127 zero pages",
    "32, -1, 4294967295 zero pages",
    "20, 4096, 2 pages says that 4096 bytes follow",
    "20, 12288, 2 pages says that 12288 bytes follow",
    "20, -1, 4294967295 bytes follow",
    "8, 0x80, flags 0x80",
    "64, 0x71632e72, is not in the list",
    "320, 0x80000000, a page at 0x8000000000001000",
    "320, 1, a page at 0x100001000",
    "324, 0x100000, a page at 0x100000 is none of its length 0x100000",
    "324, 0x1001, a page at 0x1001",
    "336, 0x7fffffff, a page at 0x7fffffff00009000",
  })
  void whatDoesNotFitIsDamage(int at, String value, String words) {
    header.putInt(at, Long.decode(value).intValue());
    DamagedException e = assertThrows(DamagedException.class, this::decode);
    assertTrue(e.getMessage().contains(words), e.getMessage());
    assertTrue(e.getMessage().contains("byte 77, multifd channel 3"), e.getMessage());
  }

  @Test
  void aNameThatFillsItsFieldIsNotReadBeyondIt() {
    for (int i = 0; i < MultifdWire.NAME_LENGTH; i++) {
      header.put(MultifdWire.NAME_AT + i, (byte) 'a');
    }
    DamagedException e = assertThrows(DamagedException.class, this::decode);
    assertTrue(e.getMessage().contains("\"" + "a".repeat(256) + "\" is not"), e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "8, 0x02, zlib",
    "8, 0x04, zstd",
    "8, 0x08, qpl",
    "8, 0x10, uadk",
    "8, 0x20, qatzip",
    "8, 0x06, unknown method (flags 0x6)",
    "8, 0x40, VFIO",
    "4, 2, 'version 2, not 1'",
  })
  void whatIsForOthersIsRefusedByName(int at, String value, String words) {
    header.putInt(at, Long.decode(value).intValue());
    // By the prefix alone: such packets have other lengths.
    StillframeException e =
        assertThrows(StillframeException.class, () -> packet.begin(header.duplicate(), 0));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }

  @Test
  void randomHeadersAreRefusedOrFit() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int accepted = 0;
    for (int round = 0; round < 200_000; round++) {
      encoder.pages(header, batch);
      int changes = 1 + random.nextInt(3);
      for (int i = 0; i < changes; i++) {
        // Where it matters, and now and then anywhere.
        int at = random.nextInt(4) == 0 ? random.nextInt(header.capacity()) : random.nextInt(360);
        header.put(at, (byte) (random.nextBoolean() ? random.nextInt(4) : random.nextInt(256)));
      }
      try {
        decode();
        accepted++;
        requireFit("seed " + seed + ", round " + round);
      } catch (StillframeException e) {
        assertTrue(e.getMessage().startsWith("migration stream at byte 77"), e.getMessage());
      }
    }
    assertTrue(accepted > 0, "seed " + seed);
  }

  private void requireFit(String where) {
    assertTrue(packet.payloadLength() <= PagePacket.PAYLOAD_LIMIT, where);
    for (int i = 0; i < packet.pages(); i++) {
      requireFit(packet.offset(i), where);
    }
    for (int i = 0; i < packet.zeroPages(); i++) {
      requireFit(packet.zeroOffset(i), where);
    }
  }

  private void requireFit(long offset, String where) {
    assertTrue(offset >= 0 && offset + PAGE <= packet.block().usedLength(), where);
    assertEquals(0, offset % PAGE, where);
  }

  @Test
  void initialPacketsGoThereAndBack() throws Exception {
    InitialPacket sent = new InitialPacket(new UUID(0x1122334455667788L, -2), 254);
    ByteBuffer bytes = ByteBuffer.allocateDirect(InitialPacket.LENGTH);
    sent.encode(bytes);
    assertEquals(sent, InitialPacket.decode(bytes));
    assertEquals(InitialPacket.Opening.CHANNEL, InitialPacket.opening(bytes));
    bytes.putInt(4, 2);
    StillframeException e =
        assertThrows(StillframeException.class, () -> InitialPacket.decode(bytes));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    bytes.putInt(0, Wire.MAGIC);
    assertEquals(InitialPacket.Opening.MAIN, InitialPacket.opening(bytes));
    bytes.putInt(0, 0x47455420);
    DamagedException stranger =
        assertThrows(DamagedException.class, () -> InitialPacket.opening(bytes));
    assertTrue(stranger.getMessage().contains("0x47455420"), stranger.getMessage());
  }

  @Test
  void aBatchHoldsNoMoreThanAPacket() {
    batch.begin(BLOCKS.get(0));
    while (batch.room() > 0) {
      batch.page(0);
    }
    assertEquals(128, batch.pages());
    assertThrows(IllegalStateException.class, () -> batch.zero(0));
  }

  private void decode() throws StillframeException {
    packet.begin(header, 77);
    packet.decode(header);
  }
}
