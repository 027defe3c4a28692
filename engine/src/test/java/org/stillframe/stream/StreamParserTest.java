/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;

/** Sound streams written by hand. */
class StreamParserTest {
  private static final int PAGE = StreamBuilder.PAGE;

  private final Recorder recorder = new Recorder();

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096, 1 << 20})
  void readsALiveStreamWithRepeatedPages(int size) throws Exception {
    StreamBuilder stream =
        StreamBuilder.listed()
            .part()
            .page("a", 0, 1)
            .zero(null, PAGE)
            .done()
            .part() // QEMU sends empty ones too
            .done()
            .part()
            .page(null, 0, 3) // the block of the section before
            .page("b", 0, 4)
            .done()
            .command(11)
            .end()
            .zero(null, 0)
            .page("a", PAGE, 5)
            .page("a", PAGE, 6)
            .done();
    int devices = stream.length();
    ImageSummary summary = parse(stream.devices(), size);

    assertEquals(
        List.of(
            "configuration pc-q35-10.0",
            "block 0 a 8192",
            "block 1 b 4096",
            "page a 0",
            "zero a 4096",
            "page a 0",
            "page b 0",
            "zero b 0",
            "page a 4096",
            "page a 4096",
            "end",
            "devices " + devices),
        recorder.told);
    assertEquals(3, recorder.ram.get("a").get(PAGE - 1));
    assertEquals(6, recorder.ram.get("a").get(2 * PAGE - 1));
    assertEquals(0, recorder.ram.get("b").get(0));
    assertEquals(
        new BlockSummary(summary.blocks().get(0).block(), 4, 1, 0, Optional.empty()),
        summary.blocks().get(0));
    assertEquals(
        List.of(
            new DeviceSection("timer", 0, 1, devices + 19, 3),
            new DeviceSection("cpu", 1, 1, devices + 27 + 17, 1)),
        summary.deviceSections());
    assertTrue(summary.devicesWalked());
    assertEquals(stream.length(), summary.totalBytes());
  }

  @Test
  void readsTheSubsectionsOfTheConfiguration() throws Exception {
    StreamBuilder stream =
        StreamBuilder.plain()
            .subsection("configuration/target-page-bits")
            .u32(12)
            .capabilities("x-ignore-shared")
            .subsection("configuration/uuid")
            .u64(0x1111111122223333L)
            .u64(0x4444555566667777L)
            .ramStart(PAGE)
            .str8("a")
            .u64(PAGE)
            .u64(0xfffc0000L)
            .done()
            .end()
            .done()
            .devices();
    ImageSummary summary = parse(stream, 64);
    assertEquals(
        new Configuration(
            "pc-q35-10.0",
            4096,
            List.of("x-ignore-shared"),
            Optional.of(UUID.fromString("11111111-2222-3333-4444-555566667777")),
            true),
        summary.configuration());
    assertEquals(
        new RamBlock(0, "a", PAGE, OptionalLong.of(0xfffc0000L)), summary.blocks().get(0).block());
  }

  @Test
  void readsPagesOfTheSizeTheStreamStates() throws Exception {
    StreamBuilder stream =
        StreamBuilder.plain()
            .subsection("configuration/target-page-bits")
            .u32(16)
            .ram("a", 1 << 17)
            .end()
            .record("a", 1 << 16, 8)
            .raw(new byte[1 << 16])
            .done()
            .close("{\"page_size\": 65536, \"devices\": []}");
    ImageSummary summary = new StreamParser().parse(input(stream, 64), new StreamListener() {});
    assertEquals(1, summary.blocks().get(0).dataPages());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 4096})
  void readsPastEarlySections(int size) throws Exception {
    // The first holds its own footer in its state, but nothing that could follow it.
    byte[] trap = new StreamBuilder().u8(1).footer(5).u8(2).u32(9).footer(5).bytes();
    StreamBuilder stream = StreamBuilder.listed();
    int first = stream.length();
    stream.full(5, "vm0/early", 3, trap).command(11).full(6, "vm1/early", 4);
    String whole =
        new String(stream.bytes(), first, 14 + 9 + trap.length + 5, StandardCharsets.ISO_8859_1);
    stream.part().page("a", 0, 1).done().end().done();
    stream.devices(
        StreamBuilder.device("vm0/early", 3, trap.length), StreamBuilder.device("vm1/early", 4, 0));
    ImageSummary summary = parse(stream, size);

    assertTrue(recorder.told.contains("early vm0/early 3 " + whole), recorder.told.toString());
    assertEquals(
        List.of(
            new DeviceSection("vm0/early", 3, 1, first + 23, trap.length),
            new DeviceSection("vm1/early", 4, 1, first + 23 + trap.length + 10 + 23, 0)),
        summary.earlySections());
    assertEquals("", summary.notWalked());
    assertEquals(List.of("vm0/early", "vm1/early", "timer", "cpu"), summary.deviceNames());
    assertEquals(2, summary.deviceSections().size());
  }

  @Test
  void doubtsAnEarlySectionOfAnotherLengthThanDescribed() throws Exception {
    StreamBuilder stream = StreamBuilder.listed().full(5, "vm0/early", 3, (byte) 1).end().done();
    ImageSummary summary = parse(stream.devices(StreamBuilder.device("vm0/early", 3, 2)), 64);
    assertFalse(summary.devicesWalked());
    assertTrue(summary.notWalked().contains("vm0/early"), summary.notWalked());
  }

  @Test
  void boundsAnEarlySection() {
    byte[] endless = new byte[EarlySections.MAX_LENGTH];
    byte[] stream = StreamBuilder.listed().header(4, 5, "vm0/early", 0, 1).raw(endless).bytes();
    DamagedException e =
        assertThrows(
            DamagedException.class,
            () -> new StreamParser().parse(Chunks.input(stream, 1 << 20), recorder));
    assertTrue(e.getMessage().contains("vm0/early"), e.getMessage());
    assertTrue(e.getMessage().contains("no footer"), e.getMessage());
  }

  @Test
  void boundsAllEarlySectionsTogether() throws Exception {
    int third = EarlySections.MAX_LENGTH / 3;
    assertEquals(2, parse(ofEarly(2, third), 1 << 20).earlySections().size());
    DamagedException e =
        assertThrows(DamagedException.class, () -> parse(ofEarly(3, third), 1 << 20));
    assertTrue(e.what().endsWith("early section vm2/early"), e.what());
  }

  private static StreamBuilder ofEarly(int count, int length) {
    StreamBuilder stream = StreamBuilder.listed();
    for (int i = 0; i < count; i++) {
      stream.full(5 + i, "vm" + i + "/early", 0, new byte[length]);
    }
    return stream.end().done().devices();
  }

  @Test
  void passesOverEncodedPagesAndSaysSo() throws Exception {
    StreamBuilder stream =
        StreamBuilder.listed()
            .end()
            .record("a", 0, 0x40)
            .u8(1)
            .u16(3)
            .raw(new byte[3])
            .record(null, PAGE, 0x100)
            .u32(5)
            .raw(new byte[5])
            .done()
            .devices();
    ImageSummary summary = parse(stream, 7);
    assertTrue(recorder.told.containsAll(List.of("xbzrle a 0", "compress a 4096")));
    assertEquals(2, summary.blocks().get(0).encodedPages());
  }

  @Test
  void failsWhenTheListenerTakesPartOfAPage() {
    StreamListener greedy =
        new StreamListener() {
          @Override
          public void page(RamBlock block, long offset, StreamInput data)
              throws StillframeException {
            data.skip(PAGE - 1);
          }
        };
    assertThrows(
        IllegalStateException.class,
        () -> new StreamParser().parse(input(StreamBuilder.paged().devices(), 64), greedy));
  }

  @Test
  void takesADevicePartThatIsLargerThanWhatIsKept() throws Exception {
    StreamBuilder stream = StreamBuilder.paged().full(4, "gpu", 0, new byte[DevicePart.KEPT]);
    ImageSummary summary = parse(stream.devices(StreamBuilder.device("gpu", 0, 0)), 1 << 20);
    assertFalse(summary.devicesWalked());
    assertEquals(List.of("gpu", "timer", "cpu"), summary.deviceNames());
    assertEquals(stream.length(), summary.totalBytes());
  }

  private ImageSummary parse(StreamBuilder stream, int size) throws StillframeException {
    return new StreamParser().parse(input(stream, size), recorder);
  }

  private static StreamInput input(StreamBuilder stream, int size) {
    return Chunks.input(stream.bytes(), size);
  }
}
