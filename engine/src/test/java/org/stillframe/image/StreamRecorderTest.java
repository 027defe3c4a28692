/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Errno;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** Records what comes through a real socket into a file in memory. */
@Timeout(60)
class StreamRecorderTest {
  private static final int EIO = 5;
  private static final int BUFFERS = 4;
  private static final int BUFFER = 4096;

  private final SystemCalls system = new SystemCalls();
  private final long seed = new Random().nextLong();
  private final TransferCounter counter = new TransferCounter();
  private final ByteArrayOutputStream seen = new ByteArrayOutputStream();
  private Connection theirs;
  private Connection ours;

  @BeforeEach
  void connect() throws Exception {
    System.out.println("seed " + seed);
    Descriptor[] pair = new Sockets(system).pair();
    ours = new Connection(system, pair[0], TargetKind.SOCKET);
    theirs = new Connection(system, pair[1], TargetKind.SOCKET);
  }

  @AfterEach
  void disconnect() throws Exception {
    Thread.interrupted();
    ours.close();
    theirs.close();
  }

  private byte[] random(int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Sends from a thread and closes, as a QEMU does. */
  private Thread send(byte[] bytes) {
    ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    Thread sender =
        new Thread(
            () -> {
              try (Connection sink = theirs) {
                sink.write(direct);
              } catch (Exception e) {
                // The other end has given up: the test says whether it was to.
              }
            });
    sender.start();
    return sender;
  }

  private long record(MemoryFile file, int bufferSize) throws Exception {
    BufferPool pool = new BufferPool(BUFFERS, bufferSize, 1);
    try (IoQueue queue = file.openQueue(BUFFERS, pool.all())) {
      StreamRecorder recorder =
          new StreamRecorder(
              ours::read,
              "file:/srv/a",
              queue,
              pool,
              counter,
              new Throttle(0),
              ByteBuffer.allocate(0));
      for (ByteBuffer chunk = recorder.next(); chunk != null; chunk = recorder.next()) {
        byte[] copy = new byte[chunk.remaining()];
        chunk.get(copy);
        seen.writeBytes(copy);
      }
      assertNull(recorder.next(), "the end stays the end");
      return recorder.finish();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, 4095, 4096, 4097, 8192, 4 * 4096, 5 * 4096 - 1, 5 * 4096, 64 * 4096, 1000003})
  void everyByteIsRecordedInItsPlace(int size) throws Exception {
    byte[] bytes = random(size);
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    Thread sender = send(bytes);
    assertEquals(size, record(file, BUFFER));
    sender.join();
    assertArrayEquals(bytes, file.bytes());
    assertArrayEquals(bytes, seen.toByteArray());
    assertEquals(size, counter.bytes());
    assertEquals(0, file.openQueues());
  }

  @ParameterizedTest
  @ValueSource(ints = {1 << 20, 4 << 20, (4 << 20) + 1, 9 << 20})
  void multiplesOfAMebibyteAreNothingSpecial(int size) throws Exception {
    byte[] bytes = random(size);
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    Thread sender = send(bytes);
    assertEquals(size, record(file, 1 << 20));
    sender.join();
    assertArrayEquals(bytes, file.bytes());
  }

  private StorageException fails(MemoryFile file, int size) throws Exception {
    Thread sender = send(random(size));
    StorageException e = assertThrows(StorageException.class, () -> record(file, BUFFER));
    assertEquals(0, file.openQueues());
    ours.close();
    sender.join();
    return e;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 15})
  void aFailedWriteNamesTargetAndOffset(int request) throws Exception {
    MemoryFile file = new MemoryFile(seed, new byte[0]).failing(request, EIO);
    StorageException e = fails(file, 16 * BUFFER);
    assertEquals(ErrorCode.STORAGE, e.code());
    assertEquals("file:/srv/a at byte " + request * BUFFER, e.what());
    assertEquals("pwrite: Input/output error (EIO)", e.why());
  }

  @Test
  void storageThatIsFullIsCalledFull() throws Exception {
    for (int errno : new int[] {Errno.ENOSPC, Errno.EDQUOT, Errno.EFBIG}) {
      disconnect();
      connect();
      StorageException e = fails(new MemoryFile(seed, new byte[0]).failing(3, errno), 64 * BUFFER);
      assertEquals(ErrorCode.TARGET_FULL, e.code(), e.getMessage());
      assertEquals("file:/srv/a at byte " + 3 * BUFFER, e.what());
    }
  }

  @Test
  void aWriteThatIsShortAndSaysNothingIsNoticed() throws Exception {
    StorageException e = fails(new MemoryFile(seed, new byte[0]).shortAt(2), 8 * BUFFER);
    assertEquals("file:/srv/a at byte " + 2 * BUFFER, e.what());
    assertTrue(e.why().contains("4095 of 4096 bytes"), e.why());
  }

  @Test
  void anInterruptedRecorderIsCancelledAndStaysInterrupted() throws Exception {
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    AtomicReference<Boolean> status = new AtomicReference<>();
    MemoryFile file = new MemoryFile(seed, new byte[0]);
    theirs.write(ByteBuffer.allocateDirect(BUFFER));
    Thread recorder =
        new Thread(
            () -> {
              try {
                record(file, BUFFER);
              } catch (Exception e) {
                outcome.set(e);
              }
              status.set(Thread.currentThread().isInterrupted());
            });
    recorder.start();
    recorder.interrupt();
    recorder.join();
    CancelledException e = assertInstanceOf(CancelledException.class, outcome.get());
    assertEquals(ErrorCode.CANCELLED, e.code());
    assertTrue(e.getMessage().startsWith("migration stream at byte "), e.getMessage());
    assertTrue(status.get());
    assertEquals(0, file.openQueues());
  }

  @Test
  void aBrokenConnectionIsNotTakenForTheEnd() throws Exception {
    ours.close();
    StillframeException e =
        assertThrows(
            StillframeException.class, () -> record(new MemoryFile(seed, new byte[0]), BUFFER));
    assertTrue(e.getMessage().startsWith("migration stream at byte 0: recv: "), e.getMessage());
  }
}
