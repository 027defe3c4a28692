/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.backend.posix.PosixBackend;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.ThreadChannelScheduler;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MainBlock;
import org.stillframe.stream.MappedHeader;
import org.stillframe.stream.SampleStreams;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

/** Several channels make the same images as one, in memory, in a random order of requests. */
@Timeout(120)
class ConversionTest {
  private static final FileCalls FILES = new FileCalls(new SystemCalls());
  private static final int EIO = 5;

  private final long seed = new Random().nextLong();
  private final Random random = new Random(seed);
  private final Target source = Target.builder("file:/srv/a", TargetKind.REGULAR).build();
  private final Target target = Target.builder("file:/srv/b", TargetKind.REGULAR).build();
  private final TransferCounter counter = new TransferCounter();

  private static void run(List<List<ChannelTask>> stages) throws StillframeException {
    for (List<ChannelTask> stage : stages) {
      try (ChannelRun run = new ThreadChannelScheduler().start("test", stage)) {
        while (!run.await(Duration.ofSeconds(1))) {
          // until it has ended
        }
      }
    }
  }

  private ImageSummary convert(ImageSource from, ImageSink to, int channels)
      throws StillframeException {
    from.check();
    run(from.conversion(to, channels, counter));
    to.settle();
    return to.summary();
  }

  private MemoryFile empty() {
    return new MemoryFile(random.nextLong(), new byte[0]);
  }

  private MemoryFile mapped(byte[] stream) throws StillframeException {
    MemoryFile file = empty();
    StreamSource from = new StreamSource(source, new MemoryFile(random.nextLong(), stream));
    convert(from, new MappedSink(target, file, false, ChannelTask::run), 1);
    return file;
  }

  private void assertSame(byte[] expected, MemoryFile file, int channels) {
    ByteBuffer made = ByteBuffer.wrap(file.bytes());
    assertEquals(-1, made.mismatch(ByteBuffer.wrap(expected)), "seed " + seed + ", " + channels);
    assertEquals(0, file.openQueues());
  }

  private void assertStreamsAreTheSame(MemoryFile image) throws StillframeException {
    MemoryFile byOne = empty();
    StreamSink one = new StreamSink(target, byOne, false);
    MappedSource alone = new MappedSource(source, image, FILES);
    alone.check();
    alone.transfer(one, counter);
    one.settle();
    for (int channels : new int[] {1, 2, 5}) {
      for (boolean inPlace : new boolean[] {false, true}) {
        MemoryFile file = empty();
        StreamSink sink = new StreamSink(target, file, inPlace);
        ImageSummary made = convert(new MappedSource(source, image, FILES), sink, channels);
        assertSame(byOne.bytes(), file, channels);
        assertEquals(one.summary(), made, "seed " + seed);
      }
    }
  }

  private void assertCopiesAreTheSame(MemoryFile image) throws StillframeException {
    for (int channels : new int[] {1, 2, 5}) {
      for (boolean inPlace : new boolean[] {false, true}) {
        byte[] older = new byte[inPlace ? 12 << 20 : 0];
        random.nextBytes(older);
        MemoryFile file = new MemoryFile(random.nextLong(), older);
        MappedSink sink = new MappedSink(target, file, inPlace, ChannelTask::run);
        ImageSummary made = convert(new MappedSource(source, image, FILES), sink, channels);
        assertSame(image.bytes(), file, channels);
        MappedSource again = new MappedSource(target, file, FILES);
        again.check();
        assertEquals(again.summary(), made, "seed " + seed);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 260, 1500})
  void randomGuestsAreTheSame(int pages) throws Exception {
    for (int i = 0; i < (pages > 1000 ? 4 : 12); i++) {
      MemoryFile image = mapped(SampleStreams.blocks(random, pages));
      assertStreamsAreTheSame(image);
      assertCopiesAreTheSame(image);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 253, 254, 255, 256, 508, 509, 762})
  void sectionsThatArePreciselyFullAreTheSame(int pages) throws Exception {
    assertStreamsAreTheSame(mapped(SampleStreams.ofPages(pages)));
  }

  @Test
  void aRecordedGuestIsTheSame() throws Exception {
    MemoryFile image = mapped(SampleStreams.recorded());
    assertStreamsAreTheSame(image);
    assertCopiesAreTheSame(image);
  }

  /** In files with holes: there is more RAM than this test has memory. */
  @Test
  void sectionsOfNothingButZerosAreTheSame(@TempDir Path directory) throws Exception {
    byte[] stream = SampleStreams.nearlyEmpty(random, 260_000);
    try (StateFile image = file(directory.resolve("image"));
        StateFile byOne = file(directory.resolve("one"));
        StateFile byMany = file(directory.resolve("many"))) {
      StreamSource from = new StreamSource(source, new MemoryFile(random.nextLong(), stream));
      convert(from, new MappedSink(target, image, false, ChannelTask::run), 1);
      StreamSink one = new StreamSink(target, byOne, false);
      MappedSource alone = new MappedSource(source, image, FILES);
      alone.check();
      alone.transfer(one, counter);
      one.settle();
      StreamSink many = new StreamSink(target, byMany, false);
      ImageSummary made = convert(new MappedSource(source, image, FILES), many, 3);
      assertEquals(one.summary(), made, "seed " + seed);
    }
    assertEquals(
        -1, Files.mismatch(directory.resolve("one"), directory.resolve("many")), "seed " + seed);
  }

  private StateFile file(Path path) throws IOException {
    int flags = OpenFlags.READ_WRITE | OpenFlags.CREATE | OpenFlags.EXCLUSIVE;
    Descriptor descriptor = new SystemCalls().open(path, flags, 0600);
    Target opened =
        Target.builder("file:" + path, TargetKind.REGULAR).descriptor(descriptor.number()).build();
    return new PosixBackend().open(opened, OpenMode.WRITE, Set.of());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 300, 3000})
  void streamsAreReadOnAChannelOfTheirOwn(int pages) throws Exception {
    for (int i = 0; i < 4; i++) {
      byte[] stream = i == 0 ? SampleStreams.ofPages(pages) : SampleStreams.blocks(random, pages);
      StreamSource from = new StreamSource(source, new MemoryFile(random.nextLong(), stream));
      MemoryFile file = empty();
      MappedSink sink = new MappedSink(target, file, false, ChannelTask::run);
      ImageSummary made = convert(from, sink, 2);
      assertSame(mapped(stream).bytes(), file, 2);
      assertEquals(stream.length, from.summary().totalBytes());
      MemoryFile copy = empty();
      convert(
          new StreamSource(source, new MemoryFile(random.nextLong(), stream)),
          new StreamSink(target, copy, true),
          2);
      assertSame(stream, copy, 2);
      assertEquals(made, sink.summary());
    }
  }

  @Test
  void aStreamThatIsDamagedOrCannotBeReadEndsBothChannels() throws Exception {
    byte[] stream = SampleStreams.ofPages(3000);
    for (int i = 0; i < 10; i++) {
      byte[] spoilt = stream.clone();
      // The word of a record that continues the block: there are 8 bytes ahead of each page.
      int first = new String(stream, 0, 200, StandardCharsets.ISO_8859_1).lastIndexOf("pc.ram") + 6;
      int word = first + 4096 + 4104 * random.nextInt(2900);
      Arrays.fill(spoilt, word, word + 8, (byte) 0xff);
      MemoryFile file = empty();
      StreamSource from = new StreamSource(source, new MemoryFile(random.nextLong(), spoilt));
      DamagedException e =
          assertThrows(
              DamagedException.class,
              () -> convert(from, new MappedSink(target, file, false, ChannelTask::run), 2));
      assertTrue(e.what().startsWith("file:/srv/a, migration stream at byte " + word), e.what());
      assertEquals(0, file.openQueues());
    }
    for (int request = 2; request < 12; request++) {
      MemoryFile broken = new MemoryFile(random.nextLong(), stream).failing(request, EIO);
      StreamSource from = new StreamSource(source, broken);
      MemoryFile file = empty();
      StorageException e =
          assertThrows(
              StorageException.class,
              () -> convert(from, new MappedSink(target, file, false, ChannelTask::run), 2));
      assertTrue(e.what().startsWith("file:/srv/a"), e.what());
      assertEquals(0, broken.openQueues() + file.openQueues());
    }
  }

  @Test
  void slotsOfZeroPagesAreNotCopied() throws Exception {
    byte[] stream;
    byte[] clean;
    MappedSource look;
    do {
      stream = SampleStreams.blocks(random, 300);
      clean = mapped(stream).bytes();
      look = new MappedSource(source, new MemoryFile(seed, clean), FILES);
      look.check();
      // With no page marked at all, or none of main memory, data in slots is a reason to refuse.
    } while (look.expectedBytes().orElse(0) == 0 || !isMainMarked(look));
    byte[] stale = clean.clone();
    for (var block : look.contents().image().blocks()) {
      for (int page = 0; page < block.bitmap().pages(); page++) {
        if (!block.bitmap().get(page)) {
          int at = (int) block.position((long) page * block.pageSize());
          Arrays.fill(stale, at, at + block.pageSize(), (byte) 0x5a);
        }
      }
    }
    MemoryFile copy = empty();
    convert(
        new MappedSource(source, new MemoryFile(seed, stale), FILES),
        new MappedSink(target, copy, false, ChannelTask::run),
        3);
    assertSame(clean, copy, 3);
    assertEquals(SampleStreams.ram(stream), SampleStreams.ram(streamOf(copy)), "seed " + seed);
  }

  private static boolean isMainMarked(MappedSource look) {
    return look.contents().image().blocks().stream()
        .filter(each -> !MainBlock.candidates(List.of(each.block())).isEmpty())
        .allMatch(each -> each.bitmap().nextSet(0, each.bitmap().pages()) < each.bitmap().pages());
  }

  private byte[] streamOf(MemoryFile image) throws StillframeException {
    MemoryFile file = empty();
    convert(new MappedSource(source, image, FILES), new StreamSink(target, file, false), 3);
    return file.bytes();
  }

  private ImageSink sink(boolean toStream, MemoryFile file) {
    return toStream
        ? new StreamSink(target, file, false)
        : new MappedSink(target, file, false, ChannelTask::run);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailureOfAnyRequestEndsAll(boolean toStream) throws Exception {
    byte[] image = mapped(SampleStreams.blocks(random, 700)).bytes();
    // Counted from 0; how many more there are is by chance.
    for (int request = 0; request < 40; request += 1 + random.nextInt(6)) {
      MemoryFile file = empty().failing(request, EIO);
      MappedSource from = new MappedSource(source, new MemoryFile(seed, image), FILES);
      try {
        convert(from, sink(toStream, file), 3);
        assertTrue(request > 0, "a write failed, and nobody said so, seed " + seed);
      } catch (StillframeException e) {
        assertInstanceOf(StorageException.class, e, "seed " + seed);
        assertTrue(e.what().startsWith("file:/srv/b at byte "), e.what());
        assertTrue(e.why().startsWith("pwrite: "), e.why());
      }
      assertEquals(0, file.openQueues());
    }
    for (int request = 12; request < 40; request += 1 + random.nextInt(6)) {
      MemoryFile broken = new MemoryFile(seed, image).failing(request, EIO);
      MappedSource from = new MappedSource(source, broken, FILES);
      try {
        // How many requests this takes depends on the image; its failure is told in the same way.
        from.check();
        run(from.conversion(sink(toStream, empty()), 3, counter));
      } catch (StillframeException e) {
        assertTrue(e.what().startsWith("file:/srv/a at byte "), e.what());
        assertTrue(e.why().startsWith("pread: "), e.why());
      }
      assertEquals(0, broken.openQueues());
    }
  }

  private DamagedException damage(MappedSource from, boolean toStream) {
    return assertThrows(
        DamagedException.class, () -> run(from.conversion(sink(toStream, empty()), 2, counter)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anImageThatIsCutMeanwhileIsNamed(boolean toStream) throws Exception {
    MemoryFile image = mapped(SampleStreams.ofPages(1000));
    MappedSource from = new MappedSource(source, image, FILES);
    from.check();
    MappedHeader header = from.summary().blocks().get(0).placement().orElseThrow();
    image.truncate(header.pagesOffset() + 600 * 4096L + 5);
    DamagedException e = damage(from, toStream);
    assertTrue(e.what().startsWith("file:/srv/a at byte "), e.what());
    assertEquals(0, image.openQueues());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anImageThatLosesItsLastBytesMeanwhileIsNamed(boolean toStream) throws Exception {
    MemoryFile image = mapped(SampleStreams.ofPages(10));
    MappedSource from = new MappedSource(source, image, FILES);
    from.check();
    long end = from.summary().totalBytes() - 3;
    image.truncate(end);
    DamagedException e = damage(from, toStream);
    assertTrue(e.what().startsWith("file:/srv/a at byte " + end), e.what());
    assertEquals(0, image.openQueues());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aChannelThatIsInterruptedGivesUp(boolean toStream) throws Exception {
    MappedSource from = new MappedSource(source, mapped(SampleStreams.ofPages(1000)), FILES);
    from.check();
    List<List<ChannelTask>> stages = from.conversion(sink(toStream, empty()), 1, counter);
    stages.get(0).get(0).run();
    Thread.currentThread().interrupt();
    StillframeException e =
        assertThrows(StillframeException.class, () -> stages.get(1).get(0).run());
    assertTrue(Thread.interrupted());
    assertEquals("CANCELLED", e.code().name());
  }
}
