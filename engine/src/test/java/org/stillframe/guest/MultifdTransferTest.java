/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.ProgressListener;
import org.stillframe.channel.Supervision;
import org.stillframe.channel.ThreadChannelScheduler;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.InitialPacket;
import org.stillframe.stream.MainStreamEncoder;
import org.stillframe.stream.PageBatch;
import org.stillframe.stream.PagePacketEncoder;
import org.stillframe.stream.RamBlock;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** The channels over real sockets, with ourselves or somebody ill-behaved at the other end. */
@Timeout(60)
class MultifdTransferTest {
  private static final int PAGE = MemoryGuest.PAGE;

  /** The end of the sections, and a description of no devices. */
  private static final byte[] DEVICES = devices();

  private final SystemCalls system = new SystemCalls();
  private final Sockets sockets = new Sockets(system);
  private final CancelToken cancel = new CancelToken();
  private final Supervision supervision =
      new Supervision("test", new CancelToken(), cancel, Optional.empty(), ProgressListener.NONE);
  private final List<Connection> peers = new ArrayList<>();
  private final MainStreamEncoder encoder = new MainStreamEncoder(false, 1);
  private final PagePacketEncoder packets = new PagePacketEncoder(PAGE);
  private MemoryGuest received = new MemoryGuest(DEVICES);
  private Descriptor listener;

  @TempDir Path directory;

  @BeforeEach
  void listen() throws Exception {
    listener = sockets.listen(directory.resolve("socket"), 16);
  }

  @AfterEach
  void close() throws Exception {
    listener.close();
    for (Connection peer : peers) {
      peer.close();
    }
  }

  private static byte[] devices() {
    byte[] json = "{\"page_size\": 4096, \"devices\": []}".getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(6 + json.length)
        .put((byte) 0)
        .put((byte) 6)
        .putInt(json.length)
        .put(json)
        .array();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void whatIsSentArrives(int channels) throws Exception {
    long seed = System.nanoTime();
    for (int round = 0; round < 20; round++) {
      Random random = new Random(seed + round);
      MemoryGuest sent = new MemoryGuest(DEVICES).filled(random);
      received = new MemoryGuest(DEVICES).filled(random);
      ByteBuffer untouched = received.memory.get(1);
      untouched.put(0, new byte[untouched.capacity()]);
      transfer(sent, channels);
      assertEquals(sent.memory, received.memory, "seed " + seed + ", round " + round);
      assertEquals(channels, sent.closed.get());
      assertEquals(channels, received.closed.get());
    }
  }

  private void transfer(MemoryGuest sent, int channels) throws Exception {
    MultifdDialect dialect = new MultifdDialect(false);
    InitialPacket[] first = new InitialPacket[channels];
    for (int i = 0; i < channels; i++) {
      first[i] = new InitialPacket(new UUID(0, 0), i);
    }
    TransferCounter counter = new TransferCounter();
    List<ChannelTask> tasks = new ArrayList<>();
    try (MultifdConnections to = new MultifdConnections(channels);
        MultifdConnections from = new MultifdConnections(channels)) {
      to.connect(this::dial, MultifdMainSender.direct(MainStreamEncoder.header()), first);
      accept(from);
      // Of these no zero pages come; the first block is taken to hold something.
      Set<String> untouched =
          sent.blocks().stream().skip(1).map(RamBlock::name).collect(Collectors.toSet());
      MultifdZeroRecords zeros = new MultifdZeroRecords(to.main(), encoder, channels);
      List<ChannelTask> senders = new ArrayList<>();
      senders.add(new MultifdMainSender(to.main(), sent, encoder, zeros, counter));
      for (int i = 0; i < channels; i++) {
        senders.add(
            new MultifdSender(i, to.channels().get(i), sent, dialect, untouched, zeros, counter));
      }
      // Who has sent all of it hangs up.
      for (int i = 0; i < senders.size(); i++) {
        ChannelTask sender = senders.get(i);
        Connection of = i == 0 ? to.main() : to.channels().get(i - 1);
        tasks.add(
            () -> {
              sender.run();
              hangUp(of);
            });
      }
      MultifdReceive receive = new MultifdReceive(from, received, new TransferCounter(), 0);
      tasks.addAll(receive.tasks());
      run(tasks);
      assertEquals(sent.blocks, receive.summary().blocks().stream().map(b -> b.block()).toList());
    }
  }

  @Test
  void aPageThatComesAgainOnAnotherChannelCountsByRounds() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int channels = 3;
    int rounds = 40;
    Connection main = main();
    List<Connection> senders = List.of(channel(0), channel(1), channel(2));
    byte[] last = new byte[16];
    List<ChannelTask> tasks = new ArrayList<>();
    try (MultifdConnections from = new MultifdConnections(channels)) {
      accept(from);
      main.write(MultifdMainSender.direct(encoder.list(received.configuration(), received.blocks)));
      List<byte[][]> plan = new ArrayList<>();
      for (int round = 0; round < rounds; round++) {
        byte[][] fills = new byte[channels][16];
        for (int page = 0; page < 16; page++) {
          last[page] = (byte) (1 + random.nextInt(100));
          fills[random.nextInt(channels)][page] = last[page];
        }
        plan.add(fills);
      }
      for (int i = 0; i < channels; i++) {
        int channel = i;
        PagePacketEncoder own = new PagePacketEncoder(PAGE);
        tasks.add(
            () ->
                sending(
                    () -> {
                      sync(own, senders.get(channel));
                      for (byte[][] fills : plan) {
                        pages(own, senders.get(channel), fills[channel]);
                        sync(own, senders.get(channel));
                      }
                      senders.get(channel).shutdownWrite();
                    }));
      }
      tasks.add(
          () ->
              sending(
                  () -> {
                    for (int round = 1; round < rounds; round++) {
                      main.write(section(2));
                    }
                    main.write(section(3));
                    main.write(MultifdMainSender.direct(DEVICES));
                    main.shutdownWrite();
                  }));
      tasks.addAll(new MultifdReceive(from, received, new TransferCounter(), 0).tasks());
      run(tasks);
    }
    for (int page = 0; page < 16; page++) {
      byte found = received.memory.get(0).get(page * PAGE + 100);
      assertEquals(last[page], found, "seed " + seed + ", page " + page);
    }
  }

  @Test
  void adjacentPagesAreOneRun() throws Exception {
    Connection main = main();
    Connection channel = channel(0);
    main.write(MultifdMainSender.direct(encoder.list(received.configuration(), received.blocks)));
    sync(packets, channel);
    byte[] fills = {1, 2, 3, 0, 5, 6, 0, 8, 9, 10, 11, 12, 13, 14, 15, 16};
    pages(packets, channel, fills);
    sync(packets, channel);
    channel.shutdownWrite();
    main.write(section(3));
    main.write(MultifdMainSender.direct(DEVICES));
    main.shutdownWrite();
    receive(1);
    assertEquals(3, received.runs.get());
  }

  @Test
  void connectionsComeInAnyOrder() throws Exception {
    channel(1);
    Connection main = main();
    channel(0);
    peers.forEach(peer -> hangUpQuietly(peer));
    // It gets as far as the main stream, which is cut.
    DamagedException e = assertThrows(DamagedException.class, () -> receive(2));
    assertTrue(e.getMessage().contains("migration stream at byte 8"), e.getMessage());
    assertEquals(3, peers.size());
    assertEquals(main, peers.get(1));
  }

  @Test
  void strangersAreNamed() throws Exception {
    main();
    Connection stranger = dial();
    stranger.write(MultifdMainSender.direct("GET / HTTP/1.0".getBytes(StandardCharsets.UTF_8)));
    refused(1, "0x47455420 begins neither");
  }

  @Test
  void aChannelTooManyIsNamed() throws Exception {
    main();
    channel(1);
    refused(1, "multifd channel 1: there are 1 only");
  }

  @Test
  void aChannelThatComesTwiceIsNamed() throws Exception {
    main();
    channel(0);
    channel(0);
    refused(2, "multifd channel 0: it has connected twice");
  }

  @Test
  void aSecondMainStreamIsNamed() throws Exception {
    main();
    main();
    refused(1, "two are main streams");
  }

  @Test
  void whoSaysNothingAndGoesIsNoticed() throws Exception {
    main();
    dial().shutdownWrite();
    refused(1, "before it said what it is");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 11, 12, 1343})
  void aPacketThatIsCutIsNamed(int length) throws Exception {
    Connection channel = begun();
    ByteBuffer header = ByteBuffer.allocateDirect(packets.headerLength());
    packets.sync(header);
    channel.write(header.clear().limit(length));
    channel.shutdownWrite();
    refused(1, "multifd channel 0 at byte 0: the connection ended inside a packet");
  }

  @Test
  void pagesThatAreCutAreNamed() throws Exception {
    Connection channel = begun();
    PageBatch batch = new PageBatch(PAGE);
    batch.begin(received.blocks.get(0));
    batch.page(0);
    ByteBuffer header = ByteBuffer.allocateDirect(packets.headerLength());
    packets.pages(header, batch);
    channel.write(header);
    channel.write(ByteBuffer.allocateDirect(PAGE - 1));
    channel.shutdownWrite();
    refused(1, "ended inside the pages of a packet");
  }

  @Test
  void anUnknownBlockIsNamed() throws Exception {
    Connection channel = begun();
    PageBatch batch = new PageBatch(PAGE);
    batch.begin(new RamBlock(0, "vga.vram", PAGE, OptionalLong.empty()));
    batch.zero(0);
    ByteBuffer header = ByteBuffer.allocateDirect(packets.headerLength());
    packets.pages(header, batch);
    channel.write(header);
    refused(1, "block \"vga.vram\" is not in the list");
  }

  @Test
  void storageThatFailsEndsAllChannels() throws Exception {
    received =
        new MemoryGuest(DEVICES) {
          @Override
          void store(RamBlock block, long offset, ByteBuffer from, int position, int length)
              throws StillframeException {
            throw new StorageException(ErrorCode.TARGET_FULL, "image", "no space", "");
          }
        };
    Connection main = main();
    Connection channel = channel(0);
    channel(1);
    main.write(MultifdMainSender.direct(encoder.list(received.configuration(), received.blocks)));
    pages(packets, channel, new byte[] {1});
    StillframeException e = assertThrows(StillframeException.class, () -> receive(2));
    assertEquals(ErrorCode.TARGET_FULL, e.code());
    assertEquals(2, received.closed.get());
  }

  @Test
  void aCancellationIsHeardWhileAChannelIsMissing() throws Exception {
    main();
    cancel.cancel();
    StillframeException e = assertThrows(StillframeException.class, () -> receive(3));
    assertEquals(ErrorCode.CANCELLED, e.code());
  }

  @Test
  void aCancellationIsHeardWhileChannelsWaitForEachOther() throws Exception {
    Connection channel = begun();
    sync(packets, channel);
    sync(packets, channel);
    try (MultifdConnections from = new MultifdConnections(1)) {
      accept(from);
      List<ChannelTask> tasks =
          new MultifdReceive(from, received, new TransferCounter(), 0).tasks();
      cancel.cancel();
      try (ChannelRun run = new ThreadChannelScheduler().start("test", tasks)) {
        StillframeException e =
            assertThrows(StillframeException.class, () -> supervision.await(run, () -> {}));
        assertEquals(ErrorCode.CANCELLED, e.code());
      }
    }
    // That the run was closed says that no thread is left.
    assertTrue(received.closed.get() <= 1);
  }

  /** A main stream up to its list of blocks, and a channel. */
  private Connection begun() throws Exception {
    Connection main = main();
    main.write(MultifdMainSender.direct(encoder.list(received.configuration(), received.blocks)));
    return channel(0);
  }

  private Connection main() throws IOException {
    Connection main = dial();
    main.write(MultifdMainSender.direct(MainStreamEncoder.header()));
    return main;
  }

  private Connection channel(int index) throws IOException {
    ByteBuffer packet = ByteBuffer.allocateDirect(InitialPacket.LENGTH);
    new InitialPacket(new UUID(0, 0), index).encode(packet);
    Connection channel = dial();
    channel.write(packet);
    return channel;
  }

  private Connection dial() throws IOException {
    Descriptor socket = sockets.tryConnect(directory.resolve("socket"));
    Connection peer = new Connection(system, socket, TargetKind.SOCKET);
    peers.add(peer);
    return peer;
  }

  private void accept(MultifdConnections from) throws StillframeException {
    from.accept(system, listener, supervision::check, supervision::check);
  }

  private void receive(int channels) throws Exception {
    try (MultifdConnections from = new MultifdConnections(channels)) {
      accept(from);
      run(new MultifdReceive(from, received, new TransferCounter(), 0).tasks());
    }
  }

  private void refused(int channels, String words) {
    DamagedException e = assertThrows(DamagedException.class, () -> receive(channels));
    assertTrue(e.getMessage().contains(words), e.getMessage());
  }

  private static void run(List<ChannelTask> tasks) throws StillframeException {
    try (ChannelRun run = new ThreadChannelScheduler().start("test", tasks)) {
      while (!run.await(Duration.ofSeconds(1))) {
        // The time-out of the test is what ends this.
      }
    }
  }

  /** A whole section of RAM without records. */
  private ByteBuffer section(int type) {
    ByteBuffer end = MultifdMainSender.direct(encoder.lastSectionEnd());
    return ByteBuffer.allocateDirect(5 + end.remaining())
        .put((byte) type)
        .putInt(1)
        .put(end)
        .flip();
  }

  /** Sends a page for every fill that is not 0, at its index. */
  private void pages(PagePacketEncoder own, Connection channel, byte[] fills) throws IOException {
    PageBatch batch = new PageBatch(PAGE);
    batch.begin(received.blocks.get(0));
    ByteBuffer data = ByteBuffer.allocateDirect(fills.length * PAGE);
    for (int page = 0; page < fills.length; page++) {
      if (fills[page] != 0) {
        batch.page((long) page * PAGE);
        byte[] bytes = new byte[PAGE];
        Arrays.fill(bytes, fills[page]);
        data.put(bytes);
      }
    }
    if (batch.pages() > 0) {
      ByteBuffer header = ByteBuffer.allocateDirect(own.headerLength());
      own.pages(header, batch);
      channel.write(header);
      channel.write(data.flip());
    }
  }

  private static void sync(PagePacketEncoder own, Connection channel) throws IOException {
    ByteBuffer header = ByteBuffer.allocateDirect(own.headerLength());
    own.sync(header);
    channel.write(header);
  }

  private interface Sending {
    void run() throws IOException;
  }

  private static void sending(Sending work) throws StillframeException {
    try {
      work.run();
    } catch (IOException e) {
      throw MultifdFailures.of("peer", e);
    }
  }

  private static void hangUp(Connection connection) throws StillframeException {
    sending(connection::shutdownWrite);
  }

  private static void hangUpQuietly(Connection connection) {
    try {
      connection.shutdownWrite();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
