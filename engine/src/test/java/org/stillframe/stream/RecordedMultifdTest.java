/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;

/** What QEMU itself sent over multifd, and what it would not have. */
class RecordedMultifdTest {
  private static final int PAGE = 4096;

  private final List<RamBlock> blocks = new ArrayList<>();
  private int flushes;
  private int zeroRecords;
  private int pages;
  private int zeros;

  @ParameterizedTest
  @CsvSource({"10.0, 1221, 3009", "7.2, 1222, 0"})
  void theChannelsAreInStepWithTheMainStream(String version, int expected, int expectedZeros)
      throws Exception {
    ImageSummary summary = parse(recorded(version, "main"), StreamParser.ofMultifd());
    assertTrue(summary.devicesWalked(), summary.notWalked());
    assertEquals(3, flushes);
    assertEquals(flushes, synchronisations(version, 0));
    assertEquals(flushes, synchronisations(version, 1));
    assertEquals(expected, pages);
    assertEquals(expectedZeros, zeros);
    // What is not in the channels is in the main stream, whichever version it is.
    long all = blocks.stream().mapToLong(RamBlock::usedLength).sum() / PAGE;
    assertTrue(pages + zeros + zeroRecords >= all, pages + "+" + zeros + "+" + zeroRecords);
  }

  private int synchronisations(String version, int channel) throws Exception {
    ByteBuffer bytes = ByteBuffer.wrap(recorded(version, "channel" + channel));
    assertEquals(channel, InitialPacket.decode(bytes.slice(0, InitialPacket.LENGTH)).channel());
    PagePacket packet = new PagePacket(channel, PAGE, blocks);
    int syncs = 0;
    int at = InitialPacket.LENGTH;
    for (; at < bytes.capacity(); at += packet.headerLength()) {
      ByteBuffer header = bytes.slice(at, packet.headerLength());
      packet.begin(header, at);
      packet.decode(header);
      syncs += packet.sync() ? 1 : 0;
      pages += packet.pages();
      zeros += packet.zeroPages();
    }
    assertEquals(bytes.capacity(), at);
    return syncs;
  }

  @Test
  void aPlainParserRefusesWhatHasItsPagesElsewhere() throws Exception {
    byte[] main = recorded("10.0", "main");
    RequestException e =
        assertThrows(RequestException.class, () -> parse(main, new StreamParser()));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    assertTrue(e.getMessage().contains("multifd"), e.getMessage());
  }

  @Test
  void aWordWithoutOneInTheListIsDamage() {
    byte[] main = StreamBuilder.listed().end().u64(0x200).bytes();
    DamagedException e =
        assertThrows(DamagedException.class, () -> parse(main, StreamParser.ofMultifd()));
    assertTrue(e.getMessage().contains("which its list did not"), e.getMessage());
  }

  @Test
  void nothingIsAwaitedBehindTheListBeforeTheFlushIsTold() {
    byte[] main = StreamBuilder.listed().bytes();
    StreamInput input = Chunks.input(main, main.length - 5, 7);
    StreamListener flushed =
        new StreamListener() {
          @Override
          public void multifdFlush() {
            flushes++;
          }
        };
    // A source that waits for its channels to be read sends no more than this.
    assertThrows(DamagedException.class, () -> StreamParser.ofMultifd().parse(input, flushed));
    assertEquals(1, flushes);
  }

  @Test
  void whatTheEncoderWritesIsAStream() throws Exception {
    for (boolean words : new boolean[] {false, true}) {
      blocks.clear();
      flushes = 0;
      zeroRecords = 0;
      List<RamBlock> sent = new ArrayList<>();
      sent.add(new RamBlock(0, "a", 2 * PAGE, OptionalLong.empty()));
      sent.add(new RamBlock(1, "b", PAGE, OptionalLong.empty()));
      Configuration configuration =
          new Configuration("pc-q35-10.0", PAGE, List.of(), Optional.empty(), false);
      MainStreamEncoder encoder = new MainStreamEncoder(words, 1);
      ByteBuffer record = ByteBuffer.allocate(MainStreamEncoder.ZERO_RECORD_LIMIT);
      encoder.zeroPage(record, new byte[] {'b'}, 0);
      byte[] zero = new byte[record.flip().remaining()];
      record.get(zero);
      StreamBuilder stream =
          new StreamBuilder()
              .raw(MainStreamEncoder.header())
              .raw(encoder.list(configuration, sent))
              .raw(encoder.lastSection())
              .raw(zero)
              .raw(encoder.lastSectionEnd())
              .devices();
      ImageSummary summary = parse(stream.bytes(), StreamParser.ofMultifd());
      assertEquals(sent, blocks);
      assertEquals(configuration, summary.configuration());
      assertEquals(2, flushes);
      assertEquals(1, zeroRecords);
    }
  }

  private ImageSummary parse(byte[] main, StreamParser parser) throws StillframeException {
    return parser.parse(
        Chunks.input(main, 1000),
        new StreamListener() {
          @Override
          public void ramBlocks(List<RamBlock> list) {
            blocks.addAll(list);
          }

          @Override
          public void zeroPage(RamBlock block, long offset) {
            zeroRecords++;
          }

          @Override
          public void multifdFlush() {
            flushes++;
          }
        });
  }

  private static byte[] recorded(String version, String part) throws IOException {
    String name = "q35-qemu-" + version + ".multifd." + part + ".gz";
    try (InputStream in =
        new GZIPInputStream(RecordedMultifdTest.class.getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }
}
