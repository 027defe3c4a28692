/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MappedHeader;
import org.stillframe.stream.SampleStreams;
import org.stillframe.system.FileCalls;
import org.stillframe.system.SystemCalls;

/**
 * Mapped images that were cut or spoilt: each is refused, with the file, the place in it, and the
 * RAM block where there is one.
 */
@Timeout(120)
class HostileMappedTest {
  private static final FileCalls FILES = new FileCalls(new SystemCalls());
  private static final String NAME = "file:/srv/a";

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final Target target = Target.builder(NAME, TargetKind.REGULAR).build();

  /** An image of a recorded guest, which has several blocks. */
  private byte[] bytes;

  private List<BlockSummary> blocks;

  @BeforeEach
  void record() throws Exception {
    blocks = make(SampleStreams.recorded()).blocks();
  }

  private ImageSummary make(byte[] stream) throws StillframeException {
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    MappedSink sink = new MappedSink(target, file, false, ChannelTask::run);
    ByteBuffer all = ByteBuffer.wrap(stream);
    sink.record(
        buffer -> {
          int count = Math.min(all.remaining(), buffer.remaining());
          buffer.put(all.slice().limit(count));
          all.position(all.position() + count);
          return count == 0 ? -1 : count;
        },
        new TransferCounter(),
        new Throttle(0));
    sink.settle();
    bytes = file.bytes();
    return sink.summary();
  }

  private MappedHeader header(int block) {
    return blocks.get(block).placement().orElseThrow();
  }

  /** Where a block's header stands: right before its bitmap. */
  private int headerAt(int block) {
    return (int) header(block).bitmapOffset() - 28;
  }

  private void setPageSize(int block, long value) {
    ByteBuffer.wrap(bytes).putLong(headerAt(block) + 4, value);
  }

  private void setBitmapOffset(int block, long value) {
    ByteBuffer.wrap(bytes).putLong(headerAt(block) + 12, value);
  }

  private void setPagesOffset(int block, long value) {
    ByteBuffer.wrap(bytes).putLong(headerAt(block) + 20, value);
  }

  private DamagedException refused(byte[] image) {
    MappedSource source = new MappedSource(target, new MemoryFile(seed, image), FILES);
    DamagedException e = assertThrows(DamagedException.class, source::check, "seed " + seed);
    assertTrue(e.what().startsWith(NAME + " at byte "), e.getMessage());
    assertFalse(e.getMessage().contains("stream"), e.getMessage());
    return e;
  }

  private void refusedAtHeader(int block, String why) {
    DamagedException e = refused(bytes);
    assertEquals(
        NAME + " at byte " + headerAt(block) + ", RAM block " + blocks.get(block).block().name(),
        e.what());
    assertTrue(e.why().contains(why), e.why());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2048, 8192, -1, Long.MIN_VALUE})
  void anotherPageSize(long size) {
    setPageSize(1, size);
    refusedAtHeader(1, "its header states pages of " + Long.toUnsignedString(size) + " bytes");
  }

  @ParameterizedTest
  @ValueSource(longs = {1L << 62, Long.MAX_VALUE, -4096, Long.MIN_VALUE})
  void whatLiesOutsideOfTheFile(long offset) {
    setPagesOffset(1, offset);
    refusedAtHeader(1, "ends behind the file, which has " + bytes.length);
    setPagesOffset(1, header(1).pagesOffset());
    setBitmapOffset(1, offset);
    refusedAtHeader(1, "ends behind the file, which has " + bytes.length);
  }

  @Test
  void aPageAreaThatEndsBehindTheFile() {
    setPagesOffset(0, bytes.length / 4096 * 4096);
    refusedAtHeader(0, "ends behind the file");
  }

  @Test
  void aPageAreaThatIsCrookedOrBeforeItsHeader() {
    setPagesOffset(0, header(0).pagesOffset() + 100);
    refusedAtHeader(0, "does not begin at a whole page");
    setPagesOffset(0, header(0).pagesOffset());
    setPagesOffset(1, header(0).pagesOffset());
    refusedAtHeader(1, "lies before its header");
  }

  @Test
  void blocksOverEachOther() {
    String first = blocks.get(0).block().name();
    String second = blocks.get(1).block().name();
    setBitmapOffset(1, header(0).pagesOffset() + 8);
    DamagedException e = refused(bytes);
    assertEquals(
        NAME + " at byte " + (header(0).pagesOffset() + 8) + ", the bitmap of RAM block " + second,
        e.what());
    assertEquals("it lies over the page area of RAM block " + first, e.why());
    setBitmapOffset(1, header(0).bitmapOffset());
    assertTrue(refused(bytes).why().startsWith("it lies over the bitmap of RAM block "));
  }

  @Test
  void aBitmapOverTheHead() {
    setBitmapOffset(0, 8);
    assertEquals("it lies over the head of the file", refused(bytes).why());
  }

  private void clearBitmap(BlockSummary block) {
    int at = (int) block.placement().orElseThrow().bitmapOffset();
    long pages = block.block().usedLength() / 4096;
    Arrays.fill(bytes, at, at + (int) ((pages + 63) / 64 * 8), (byte) 0);
  }

  @Test
  void theBitmapOfMainMemoryAlone() {
    clearBitmap(blocks.get(0));
    DamagedException e = refused(bytes);
    assertTrue(e.what().contains(", RAM block pc.ram"), e.what());
    assertTrue(e.why().contains("no page of this block, main memory, is marked"), e.why());
  }

  @Test
  void bitmapsThatWereNeverWritten() {
    blocks.forEach(this::clearBitmap);
    DamagedException e = refused(bytes);
    assertTrue(e.what().contains(", RAM block " + blocks.get(0).block().name()), e.what());
    assertTrue(e.why().contains("no page of any block is marked"), e.why());
  }

  @Test
  void marksOfPagesThatThereAreNot() throws Exception {
    blocks = make(SampleStreams.ofPages(20)).blocks();
    int at = (int) header(0).bitmapOffset();
    bytes[at + 7] = 1;
    DamagedException e = refused(bytes);
    assertEquals(NAME + " at byte " + at + ", bitmap of RAM block pc.ram", e.what());
    assertTrue(e.why().contains("behind the last of the block's 20"), e.why());
  }

  @Test
  void cutAnywhere() throws Exception {
    make(SampleStreams.live(random, 20, 40));
    for (int cut = 0; cut < bytes.length; cut += 1 + random.nextInt(8192)) {
      refused(Arrays.copyOf(bytes, cut));
    }
  }

  @Test
  void spoiltAnywhereItIsOnlyEverRefused() throws Exception {
    int devices = (int) make(SampleStreams.live(random, 20, 40)).devicesOffset();
    for (int i = 0; i < 3000; i++) {
      byte[] spoilt = bytes.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        int at = random.nextBoolean() ? random.nextInt(200) : devices - 50 + random.nextInt(300);
        spoilt[Math.min(at, spoilt.length - 1)] = (byte) random.nextInt();
      }
      try {
        new MappedSource(target, new MemoryFile(seed, spoilt), FILES).check();
      } catch (StillframeException e) {
        assertTrue(e.what().startsWith(NAME), "seed " + seed + ", mutation " + i + ": " + e);
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + ", mutation " + i, e);
      }
    }
  }
}
