/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.CancelledException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.PageBatch;
import org.stillframe.stream.RamPlaces;
import org.stillframe.stream.RamSource;
import org.stillframe.stream.SampleStreams;
import org.stillframe.system.FileCalls;
import org.stillframe.system.SystemCalls;

/** Streams become mapped images and streams again, in memory, in a random order of requests. */
@Timeout(120)
class MappedRoundTripTest {
  private static final FileCalls FILES = new FileCalls(new SystemCalls());
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
    MappedSink sink = new MappedSink(target, file, inPlace, ChannelTask::run);
    sink.record(feed(stream), new TransferCounter(), new Throttle(0));
    sink.settle();
    return sink.summary();
  }

  private byte[] streamOf(MemoryFile file) throws StillframeException {
    MemoryFile made = new MemoryFile(seed, new byte[0]).aligned(file.memoryAlignment());
    StreamSink sink = new StreamSink(target, made, false);
    new MappedSource(target, file, FILES).transfer(sink, new TransferCounter());
    sink.settle();
    return made.bytes();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4096, 1 << 16})
  void aRecordedGuestComesBackAsItWas(int alignment) throws Exception {
    byte[] stream = SampleStreams.recorded();
    MemoryFile file = new MemoryFile(seed, new byte[0]).aligned(alignment);
    ImageSummary stored = map(stream, file, false);
    MappedSource source = new MappedSource(target, file, FILES);
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

  /** The head, which is written last, makes the image. */
  @Test
  void aWriteThatFellShortMakesNoImage() throws Exception {
    byte[] stream = SampleStreams.ofPages(20);
    MemoryFile whole = new MemoryFile(seed, new byte[8192]);
    map(stream, whole, true);
    for (int request = 0; request < whole.requests(); request++) {
      MemoryFile file = new MemoryFile(seed, new byte[8192]).shortAt(request);
      StorageException e = assertThrows(StorageException.class, () -> map(stream, file, true));
      assertTrue(e.why().startsWith("the backend wrote "), e.why());
    }
  }

  @Test
  void whoIsInterruptedIsGivenNoFurtherPages() throws Exception {
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    map(SampleStreams.ofPages(500), file, false);
    ImageSource.Outlet outlet = mock(ImageSource.Outlet.class);
    doAnswer(
            call -> {
              MultifdSource guest = call.getArgument(0);
              PageBatch batch = new PageBatch(PAGE);
              try (RamSource pages = guest.source(0, RamPlaces.NONE)) {
                assertTrue(pages.next(batch));
                Thread.currentThread().interrupt();
                assertThrows(CancelledException.class, () -> pages.next(batch));
              } finally {
                assertTrue(Thread.interrupted());
              }
              return null;
            })
        .when(outlet)
        .from(any());
    new MappedSource(target, file, FILES).feed(outlet);
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

  @Test
  void whatIsStoredIsCountedWithoutHoles() throws Exception {
    byte[] stream = SampleStreams.nearlyEmpty(random, 9000);
    ImageSummary stored = map(stream, new MemoryFile(seed, new byte[0]), false);
    long data = stored.blocks().get(0).dataPages() * PAGE;
    long bitmap = (9000 + 63) / 64 * 8;
    long around = stored.storedBytes() - data - bitmap;
    assertTrue(around > 0 && around < 2000, around + " bytes around the pages");
    assertTrue(stored.totalBytes() > 9000 * PAGE);
    MemoryFile made = new MemoryFile(seed, new byte[0]);
    StreamSink sink = new StreamSink(target, made, false);
    sink.record(feed(stream), new TransferCounter(), new Throttle(0));
    assertEquals(stream.length, sink.summary().storedBytes());
  }
}
