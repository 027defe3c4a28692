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
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.DamagedException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.SampleStreams;

/** Streams become mapped images and streams again, in memory, in a random order of requests. */
@Timeout(120)
class MappedRoundTripTest {
  private static final int PAGE = 4096;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final Target target = Target.builder("file:/srv/a", TargetKind.REGULAR).build();

  private static StreamFeed feed(byte[] bytes) {
    ByteBuffer all = ByteBuffer.wrap(bytes);
    return buffer -> {
      int count = Math.min(all.remaining(), buffer.remaining());
      buffer.put(buffer.position(), bytes, all.position(), count);
      buffer.position(buffer.position() + count);
      all.position(all.position() + count);
      return count == 0 ? -1 : count;
    };
  }

  private ImageSummary map(byte[] stream, MemoryFile file, boolean inPlace)
      throws StillframeException {
    MappedSink sink = new MappedSink(target, file, inPlace);
    sink.record(feed(stream), new TransferCounter(), new Throttle(0));
    sink.settle();
    return sink.summary();
  }

  private byte[] streamOf(MemoryFile file) throws StillframeException {
    MemoryFile made = new MemoryFile(seed, new byte[0]).aligned(file.memoryAlignment());
    StreamSink sink = new StreamSink(target, made, false);
    new MappedSource(target, file).transfer(sink, new TransferCounter());
    sink.settle();
    return made.bytes();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 1 << 16})
  void aRecordedGuestComesBackAsItWas(int alignment) throws Exception {
    byte[] stream = SampleStreams.recorded();
    MemoryFile file = new MemoryFile(seed, new byte[0]).aligned(alignment);
    ImageSummary stored = map(stream, file, false);
    MappedSource source = new MappedSource(target, file);
    source.check();
    assertEquals(stored, source.summary(), "seed " + seed);
    assertEquals(SampleStreams.ram(stream), SampleStreams.ram(streamOf(file)), "seed " + seed);
    assertTrue(stored.devicesWalked());
    assertEquals(29, stored.deviceSections().size());
  }

  @ParameterizedTest
  @CsvSource({"700, 6000", "9, 900", "2, 50"})
  void pagesThatComeAgainEndAsTheLastAndLeaveNoStaleSlot(int count, int records) throws Exception {
    byte[] stream = SampleStreams.live(random, count, records);
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    ImageSummary stored = map(stream, file, false);
    assertEquals(SampleStreams.ram(stream), SampleStreams.ram(streamOf(file)), "seed " + seed);
    ByteBuffer last = SampleStreams.ram(stream).get("pc.ram");
    BlockSummary block = stored.blocks().get(0);
    int pages = (int) block.placement().orElseThrow().pagesOffset();
    byte[] slots = Arrays.copyOfRange(file.bytes(), pages, pages + last.capacity());
    assertEquals(last.clear(), ByteBuffer.wrap(slots), "also the zero pages, seed " + seed);
  }

  @Test
  void aPageThatIsZeroedAndWrittenAtOnceIsNotOvertakenByTheZeros() throws Exception {
    for (int i = 0; i < 300; i++) {
      byte[] stream = SampleStreams.live(random, 2, 8);
      MemoryFile file = new MemoryFile(seed + i, new byte[0]);
      map(stream, file, false);
      assertEquals(
          SampleStreams.ram(stream), SampleStreams.ram(streamOf(file)), "seed " + seed + ", " + i);
    }
  }

  @Test
  void anOlderImageInPlaceLeavesNothing() throws Exception {
    byte[] stream = SampleStreams.live(random, 300, 1000);
    byte[] older = new byte[12 << 20];
    Arrays.fill(older, (byte) 0x5a);
    MemoryFile file = new MemoryFile(seed, older);
    map(stream, file, true);
    MemoryFile fresh = new MemoryFile(seed, new byte[0]);
    map(stream, fresh, false);
    assertEquals(ByteBuffer.wrap(fresh.bytes()), ByteBuffer.wrap(file.bytes()), "seed " + seed);
  }

  @Test
  void itIsCutOrSpoiltAnywhereAndOnlyEverRefusedByName() throws Exception {
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    ImageSummary whole = map(SampleStreams.live(random, 20, 40), file, false);
    byte[] bytes = file.bytes();
    for (int cut = 0; cut < bytes.length; cut += 1 + random.nextInt(8192)) {
      MappedSource source =
          new MappedSource(target, new MemoryFile(seed, Arrays.copyOf(bytes, cut)));
      assertThrows(DamagedException.class, source::check, "seed " + seed + ", cut at " + cut);
    }
    int devices = (int) whole.devicesOffset();
    for (int i = 0; i < 3000; i++) {
      byte[] spoilt = bytes.clone();
      for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
        int at = random.nextBoolean() ? random.nextInt(200) : devices - 50 + random.nextInt(300);
        spoilt[Math.min(at, spoilt.length - 1)] = (byte) random.nextInt();
      }
      try {
        new MappedSource(target, new MemoryFile(seed, spoilt)).check();
      } catch (StillframeException e) {
        // the only failure there may be
      } catch (RuntimeException | Error e) {
        fail("seed " + seed + ", mutation " + i, e);
      }
    }
  }

  @Test
  void bitmapsThatWereNeverWrittenAreNamed() throws Exception {
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    ImageSummary whole = map(SampleStreams.ofPages(20), file, false);
    byte[] bytes = file.bytes();
    int bitmap = (int) whole.blocks().get(0).placement().orElseThrow().bitmapOffset();
    Arrays.fill(bytes, bitmap, bitmap + 8, (byte) 0);
    DamagedException e = refused(bytes);
    assertTrue(e.why().contains("no page of any block is marked"), e.why());
  }

  private DamagedException refused(byte[] bytes) {
    MappedSource source = new MappedSource(target, new MemoryFile(seed, bytes));
    return assertThrows(DamagedException.class, source::check);
  }

  @Test
  void whatTheLoaderOfQemuLetsThroughIsNamed() throws Exception {
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    ImageSummary whole = map(SampleStreams.ofPages(20), file, false);
    int bitmap = (int) whole.blocks().get(0).placement().orElseThrow().bitmapOffset();
    for (long size : new long[] {0, 2048, 8192, -1}) {
      byte[] bytes = file.bytes();
      ByteBuffer.wrap(bytes).putLong(bitmap - 24, size);
      assertTrue(refused(bytes).why().contains("states pages of"));
    }
    byte[] outside = file.bytes();
    ByteBuffer.wrap(outside).putLong(bitmap - 8, 1L << 62);
    assertTrue(refused(outside).why().contains("ends behind the file"));
    byte[] over = file.bytes();
    ByteBuffer.wrap(over).putLong(bitmap - 16, 8);
    assertTrue(refused(over).why().contains("lies over"));
    byte[] crooked = file.bytes();
    ByteBuffer.wrap(crooked).putLong(bitmap - 8, (1 << 20) - 100);
    assertTrue(refused(crooked).why().contains("whole page"));
    byte[] many = file.bytes();
    many[bitmap + 7] = 1;
    assertTrue(refused(many).why().contains("behind the last"));
  }

  @Test
  void pagesInAnEncodingAreRefused() {
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    RequestException e =
        assertThrows(RequestException.class, () -> map(SampleStreams.encoded(), file, false));
    assertTrue(e.getMessage().contains("xbzrle"), e.getMessage());
    assertFalse(e.getMessage().contains("null"));
    assertEquals(0, file.openQueues());
    assertEquals(0, file.bytes().length % PAGE);
  }
}
