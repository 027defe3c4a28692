/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import jnr.ffi.Pointer;
import jnr.ffi.Runtime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.ThreadChannelScheduler;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.InitialPacket;
import org.stillframe.stream.MainStreamEncoder;
import org.stillframe.stream.OrderedSink;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.SampleStreams;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamListener;
import org.stillframe.stream.StreamParser;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** Streams whose pages come again and again go into memory, our own, and into channels. */
@Timeout(60)
class StreamIntakeTest {
  private static final int PAGE = MemoryGuest.PAGE;
  private static final int PAGES = 700;

  private final SystemCalls system = new SystemCalls();
  private final Sockets sockets = new Sockets(system);
  private final long seed = System.nanoTime();
  private final Random random = new Random(seed);

  /** Reads chunks through one direct buffer, which is spoilt before it is filled again. */
  private static StreamInput input(byte[] bytes, int size, OrderedSink sink) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(size);
    int[] next = {0};
    return new StreamInput(
        () -> {
          sink.release();
          buffer.clear();
          for (int i = 0; i < size; i++) {
            buffer.put(i, (byte) 0xa5);
          }
          int count = Math.min(size, bytes.length - next[0]);
          buffer.put(0, bytes, next[0], count).limit(count);
          next[0] += count;
          return count == 0 ? null : buffer;
        });
  }

  private static void take(byte[] stream, int size, OrderedSink sink) throws StillframeException {
    new StreamParser().parse(input(stream, size, sink), sink);
    sink.whole();
  }

  /** Does to memory what the stream says, a page at a time. */
  private static void expect(byte[] stream, ByteBuffer memory) throws StillframeException {
    Iterator<ByteBuffer> chunks = List.of(ByteBuffer.wrap(stream)).iterator();
    StreamListener listener =
        new StreamListener() {
          @Override
          public void page(RamBlock block, long offset, StreamInput data)
              throws StillframeException {
            data.copyTo(memory.duplicate().limit((int) offset + PAGE).position((int) offset));
          }

          @Override
          public void zeroPage(RamBlock block, long offset) {
            memory.put((int) offset, new byte[PAGE]);
          }
        };
    new StreamParser()
        .parse(new StreamInput(() -> chunks.hasNext() ? chunks.next() : null), listener);
  }

  private ByteBuffer junk(int pages) {
    byte[] bytes = new byte[pages * PAGE];
    random.nextBytes(bytes);
    return aligned(pages).put(bytes).clear();
  }

  private static ByteBuffer aligned(int pages) {
    return ByteBuffer.allocateDirect((pages + 1) * PAGE - 1).alignedSlice(PAGE);
  }

  private static long address(ByteBuffer buffer) {
    return Pointer.wrap(Runtime.getSystemRuntime(), buffer).address();
  }

  /** This process, as if it were a QEMU with one block of RAM. */
  private static GuestMemory ourselves(ByteBuffer memory, String name, boolean anonymous) {
    long length = memory.capacity();
    RamBlock block = new RamBlock(0, name, length, OptionalLong.empty());
    HostRam host = new HostRam(name, length, length, address(memory));
    int process = (int) ProcessHandle.current().pid();
    return new GuestMemory(
        Qmp.at(Path.of("/none")),
        process,
        List.of(new GuestMemory.Area(block, host, true, anonymous, Optional.empty())));
  }

  private void intoMemory(GuestMemory guest, byte[] stream, int chunk) throws Exception {
    try (Descriptor map = system.open(guest.pageMap(), OpenFlags.READ_ONLY, 0)) {
      take(stream, chunk, new MemoryIntake(system, guest, map));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void memoryIsWhatTheStreamSaysLast(boolean anonymous) throws Exception {
    for (int round = 0; round < 30; round++) {
      byte[] stream = SampleStreams.live(random, PAGES, 1 + random.nextInt(400));
      ByteBuffer memory = junk(PAGES);
      ByteBuffer expected = ByteBuffer.allocate(memory.capacity()).put(memory.duplicate()).clear();
      expect(stream, expected);
      int chunk = round % 2 == 0 ? 1 << 20 : 3000 + random.nextInt(100_000);
      intoMemory(ourselves(memory, "pc.ram", anonymous), stream, chunk);
      assertEquals(expected, memory, "seed " + seed + ", round " + round);
    }
  }

  @Test
  void zerosTakeNoMemoryThatWasNeverTouched() throws Exception {
    byte[] stream = SampleStreams.zeros(6000);
    ByteBuffer memory = aligned(6000);
    memory.putLong(100 * PAGE, 1).putLong(5999 * PAGE + 8, 1);
    GuestMemory guest = ourselves(memory, "pc.ram", true);
    try (Descriptor map = system.open(guest.pageMap(), OpenFlags.READ_ONLY, 0)) {
      take(stream, 1000, new MemoryIntake(system, guest, map));
    }
    assertEquals(ByteBuffer.allocate(memory.capacity()), memory);
  }

  @ParameterizedTest
  @CsvSource({"pc.ram, 699, it has 2867200 bytes in the image and 2863104", "other, 700, has it"})
  void blocksThatDifferAreNamedBeforeAByteIsWritten(String name, int pages, String words) {
    ByteBuffer memory = junk(pages);
    ByteBuffer before = ByteBuffer.allocate(memory.capacity()).put(memory.duplicate()).clear();
    GuestException e =
        assertThrows(
            GuestException.class,
            () -> intoMemory(ourselves(memory, name, true), SampleStreams.ofPages(PAGES), 1 << 20));
    assertEquals(ErrorCode.INCOMPATIBLE, e.code());
    assertTrue(e.getMessage().contains("RAM block pc.ram: "), e.getMessage());
    assertTrue(e.getMessage().contains(words), e.getMessage());
    assertEquals(before, memory);
  }

  @Test
  void whatRamAloneDoesNotHoldIsRefusedByName() {
    refused(SampleStreams.encoded(), "encoding xbzrle", "use the route stream");
    refused(SampleStreams.ignoringShared(), "x-ignore-shared", "save the guest again without");
    refused(SampleStreams.blocks(random, 9), "must be loaded before RAM", "multifd or stream");
  }

  private void refused(byte[] stream, String... words) {
    StreamIntake intake = new Frame();
    RequestException e = assertThrows(RequestException.class, () -> take(stream, 1 << 20, intake));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    for (String word : words) {
      assertTrue(e.getMessage().contains(word), e.getMessage());
    }
  }

  /** Takes pages nowhere, and early sections as the route memory does. */
  private static final class Frame extends StreamIntake {
    Frame() {
      super("test");
    }

    @Override
    public void earlySection(String name, long instance, byte[] bytes) throws StillframeException {
      throw MemoryLoad.early();
    }

    @Override
    public void release() {}

    @Override
    public void whole() {}
  }

  @Test
  void theDevicePartIsKeptAsItCame() throws Exception {
    byte[] stream = SampleStreams.recorded();
    StreamIntake intake = new Frame();
    take(stream, 1000, intake);
    byte[] devices = bytes(intake.devices());
    byte[] end = Arrays.copyOfRange(stream, stream.length - devices.length, stream.length);
    assertTrue(devices.length > 10_000);
    assertEquals(4, devices[0], "a section of a device");
    assertEquals(ByteBuffer.wrap(end), ByteBuffer.wrap(devices));
  }

  private static byte[] bytes(StreamInput.Supply supply) throws StillframeException {
    byte[] all = {};
    for (ByteBuffer chunk = supply.next(); chunk != null; chunk = supply.next()) {
      int old = all.length;
      all = Arrays.copyOf(all, old + chunk.remaining());
      chunk.get(all, old, chunk.remaining());
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"1, true", "3, true", "1, false", "3, false"})
  void channelsCarryWhatTheStreamSaysLast(int channels, boolean untouched, @TempDir Path at)
      throws Exception {
    MultifdDialect dialect = new MultifdDialect(false);
    Set<String> zero = untouched ? Set.of("pc.ram") : Set.of();
    try (Descriptor listener = sockets.listen(at.resolve("socket"), 16)) {
      for (int round = 0; round < 20; round++) {
        byte[] stream = SampleStreams.live(random, PAGES, 1 + random.nextInt(400));
        MemoryGuest received = new MemoryGuest(new byte[0]);
        ByteBuffer before = untouched ? aligned(PAGES) : junk(PAGES);
        ByteBuffer memory = received.memory.get(0).put(0, before, 0, PAGES * PAGE);
        ByteBuffer expected =
            ByteBuffer.allocate(memory.capacity()).put(memory.duplicate()).clear();
        expect(stream, expected);
        try (MultifdConnections to = new MultifdConnections(channels);
            MultifdConnections from = new MultifdConnections(channels)) {
          connect(to, from, listener, at, channels);
          List<ChannelTask> tasks = new ArrayList<>();
          tasks.add(
              () -> {
                take(stream, 100_000, new MultifdIntake(dialect, zero).into(to));
                hangUp(to);
              });
          tasks.addAll(new MultifdReceive(from, received, new TransferCounter(), 0).tasks());
          run(tasks);
        }
        assertEquals(expected, memory, "seed " + seed + ", round " + round);
      }
    }
  }

  @Test
  void nothingOfTheDevicesIsSentOfAStreamThatIsCut(@TempDir Path at) throws Exception {
    byte[] stream = SampleStreams.ofPages(9);
    byte[] cut = Arrays.copyOf(stream, stream.length - 1);
    try (Descriptor listener = sockets.listen(at.resolve("socket"), 16);
        MultifdConnections to = new MultifdConnections(1);
        MultifdConnections from = new MultifdConnections(1)) {
      connect(to, from, listener, at, 1);
      MultifdIntake intake = new MultifdIntake(new MultifdDialect(true), Set.of()).into(to);
      assertThrows(DamagedException.class, () -> take(cut, 1 << 20, intake));
      hangUp(to);
      ByteBuffer main = ByteBuffer.allocateDirect(1 << 16);
      int count = 0;
      while (count >= 0) {
        count = from.main().read(main);
      }
      byte[] sent = new byte[main.flip().remaining()];
      main.get(sent);
      String text = new String(sent, StandardCharsets.ISO_8859_1);
      assertTrue(text.contains("pc.ram"), "the list of blocks was sent");
      assertFalse(text.contains("timer"), "a device was sent");
    }
  }

  private void connect(
      MultifdConnections to, MultifdConnections from, Descriptor listener, Path at, int channels)
      throws StillframeException {
    InitialPacket[] first = new InitialPacket[channels];
    for (int i = 0; i < channels; i++) {
      first[i] = new InitialPacket(new UUID(0, 0), i);
    }
    to.connect(
        () -> new Connection(system, sockets.tryConnect(at.resolve("socket")), TargetKind.SOCKET),
        MultifdMainSender.direct(MainStreamEncoder.header()),
        first);
    from.accept(system, listener, () -> {}, () -> {});
  }

  private static void hangUp(MultifdConnections connections) throws StillframeException {
    try {
      for (Connection connection : connections.all()) {
        connection.shutdownWrite();
      }
    } catch (IOException e) {
      throw MultifdFailures.of("peer", e);
    }
  }

  private static void run(List<ChannelTask> tasks) throws StillframeException {
    try (ChannelRun run = new ThreadChannelScheduler().start("test", tasks)) {
      while (!run.await(Duration.ofSeconds(1))) {
        // The time-out of the test is what ends this.
      }
    }
  }
}
