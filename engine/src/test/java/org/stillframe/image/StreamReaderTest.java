/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.StreamInput;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** Reads a file in memory, and plays it through a real socket. */
@Timeout(60)
class StreamReaderTest {
  private static final int EIO = 5;
  private static final int BUFFERS = 4;
  private static final int BUFFER = 4096;

  private final SystemCalls system = new SystemCalls();
  private final long seed = new Random().nextLong();
  private final TransferCounter counter = new TransferCounter();
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

  @BeforeEach
  void printSeed() {
    System.out.println("seed " + seed);
  }

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  private byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private interface Use {
    void with(StreamReader reader) throws Exception;
  }

  private void read(MemoryFile file, int bufferSize, Use use) throws Exception {
    BufferPool pool = new BufferPool(BUFFERS, bufferSize, 1);
    try (IoQueue queue = file.openQueue(BUFFERS, pool.all())) {
      use.with(new StreamReader("file:/srv/a", queue, pool, counter, Long.MAX_VALUE));
    }
    assertEquals(0, file.openQueues());
  }

  private void readAll(StreamInput.Supply supply) throws StillframeException {
    for (ByteBuffer chunk = supply.next(); chunk != null; chunk = supply.next()) {
      byte[] copy = new byte[chunk.remaining()];
      chunk.duplicate().get(copy);
      seen.writeBytes(copy);
    }
    assertNull(supply.next(), "the end stays the end");
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 4095, 4096, 4097, 8192, 4 * 4096, 5 * 4096 - 1, 5 * 4096, 64 * 4096, 1000003})
  void everyByteComesInOrderThoughReadsEndInAny(int size) throws Exception {
    byte[] bytes = random(size);
    read(new MemoryFile(seed, bytes), BUFFER, this::readAll);
    assertArrayEquals(bytes, seen.toByteArray());
    assertEquals(size, counter.bytes());
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 20, 4 << 20, (4 << 20) + 1})
  void multiplesOfAMebibyteAreNothingSpecial(int size) throws Exception {
    byte[] bytes = random(size);
    read(new MemoryFile(seed, bytes), 1 << 20, this::readAll);
    assertArrayEquals(bytes, seen.toByteArray());
  }

  @Test
  void whoIsInterruptedReadsNoFurther() throws Exception {
    MemoryFile file = new MemoryFile(seed, random(100 * BUFFER));
    read(
        file,
        BUFFER,
        reader -> {
          reader.next();
          Thread.currentThread().interrupt();
          assertThrows(CancelledException.class, reader::next);
        });
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4, 9})
  void aFailedReadNamesImageAndOffsetOnceThatIsReached(int request) throws Exception {
    MemoryFile file = new MemoryFile(seed, random(10 * BUFFER)).failing(request, EIO);
    read(
        file,
        BUFFER,
        reader -> {
          StorageException e = assertThrows(StorageException.class, () -> readAll(reader));
          assertEquals(ErrorCode.STORAGE, e.code());
          assertEquals("file:/srv/a at byte " + request * BUFFER, e.what());
          assertEquals("pread: Input/output error (EIO)", e.why());
        });
    assertEquals(request * BUFFER, seen.size());
  }

  @Test
  void aFileThatGrowsWhileItsEndIsReadHasNoHole() throws Exception {
    byte[] bytes = random(BUFFER + 100);
    MemoryFile file = new MemoryFile(seed, bytes);
    read(
        file,
        BUFFER,
        reader -> {
          ByteBuffer first = reader.next();
          assertEquals(BUFFER, first.remaining());
          ByteBuffer last = reader.next();
          int length = last.remaining();
          file.append(random(8 * BUFFER));
          ByteBuffer after = reader.next();
          // Either the end was met, or the file had grown before: but nothing is left out.
          assertTrue(after == null || length == BUFFER, "a hole after " + length + " bytes");
        });
  }

  private Thread take(Connection connection) {
    Thread receiver =
        new Thread(
            () -> {
              ByteBuffer buffer = ByteBuffer.allocateDirect(10_000);
              try {
                while (connection.read(buffer.clear()) >= 0) {
                  byte[] copy = new byte[buffer.flip().remaining()];
                  buffer.get(copy);
                  seen.writeBytes(copy);
                }
              } catch (Exception e) {
                throw new AssertionError(e);
              }
            });
    receiver.start();
    return receiver;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4096, 5 * 4096, 1000003})
  void whatIsPlayedArrivesWhole(int size) throws Exception {
    byte[] bytes = random(size);
    Descriptor[] pair = new Sockets(system).pair();
    try (Connection theirs = new Connection(system, pair[1], TargetKind.SOCKET)) {
      Thread receiver = take(theirs);
      try (Connection ours = new Connection(system, pair[0], TargetKind.SOCKET)) {
        read(
            new MemoryFile(seed, bytes),
            BUFFER,
            reader -> {
              StreamPlayer player = new StreamPlayer(reader, ours);
              while (player.next() != null) {
                // Looked at by nobody.
              }
              player.finish();
            });
      }
      receiver.join();
    }
    assertArrayEquals(bytes, seen.toByteArray());
  }

  @Test
  void aChunkIsNotSentBeforeTheNextIsAskedFor() throws Exception {
    Descriptor[] pair = new Sockets(system).pair();
    try (Connection theirs = new Connection(system, pair[1], TargetKind.SOCKET);
        Connection ours = new Connection(system, pair[0], TargetKind.SOCKET)) {
      read(
          new MemoryFile(seed, random(3 * BUFFER)),
          BUFFER,
          reader -> {
            StreamPlayer player = new StreamPlayer(reader, ours);
            player.next();
            assertEquals(0, theirs.tryRead(ByteBuffer.allocateDirect(1), 0));
            player.next();
            assertEquals(1, theirs.tryRead(ByteBuffer.allocateDirect(1), 10_000));
          });
    }
  }

  @Test
  void aReceiverThatGoesIsNamedAsTheCause() throws Exception {
    Descriptor[] pair = new Sockets(system).pair();
    pair[1].close();
    try (Connection ours = new Connection(system, pair[0], TargetKind.SOCKET)) {
      StreamPlayer player = new StreamPlayer(() -> ByteBuffer.allocateDirect(BUFFER), ours);
      player.next();
      GuestException e = assertThrows(GuestException.class, player::next);
      assertEquals(ErrorCode.GUEST, e.code());
      assertEquals("migration stream at byte 0", e.what());
      assertTrue(e.why().contains("EPIPE"), e.why());
    }
  }

  @Test
  void anInterruptedPlayerIsCancelledAndStaysInterrupted() throws Exception {
    Descriptor[] pair = new Sockets(system).pair();
    try (Connection ours = new Connection(system, pair[0], TargetKind.SOCKET)) {
      StreamPlayer player = new StreamPlayer(() -> ByteBuffer.allocateDirect(BUFFER), ours);
      player.next();
      Thread.currentThread().interrupt();
      CancelledException e = assertThrows(CancelledException.class, player::next);
      assertEquals(ErrorCode.CANCELLED, e.code());
      assertTrue(Thread.interrupted());
    } finally {
      pair[1].close();
    }
  }
}
