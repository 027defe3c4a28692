/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.contract.Bench;
import org.stillframe.spi.contract.Wire;
import org.stillframe.spi.support.Transfer;

/** The pipe's end that is opened again for writing, and what happens where it cannot be. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class PipeTest {
  private static final int O_NONBLOCK = 04000;
  private static final int O_CLOEXEC = 02000000;

  private final PosixNative natives = new PosixNative();
  private Bench bench;
  private Wire wire;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench(new PosixContractTest());
    wire = bench.keep(Wire.make(TargetKind.PIPE, OpenMode.WRITE, bench.directory()));
  }

  @AfterEach
  void tearDown() throws IOException {
    bench.close();
  }

  @Test
  void theCallersDescriptorKeepsItsFlags() throws IOException {
    Set<Integer> before = bench.descriptors().keySet();
    int flags = flags(wire.end().number());
    StateFile file = bench.opened(wire.target(), OpenMode.WRITE, Set.of());
    IoQueue queue = bench.queue(file, 1);
    Set<Integer> own = bench.descriptors().keySet();
    own.removeAll(before);
    assertEquals(1, own.size());
    int ownFlags = flags(own.iterator().next());
    assertEquals(O_NONBLOCK | O_CLOEXEC, ownFlags & (O_NONBLOCK | O_CLOEXEC));
    assertEquals(flags, flags(wire.end().number()));
    queue.close();
    queue.close();
    assertEquals(before, bench.descriptors().keySet());
  }

  private static int flags(int fd) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd))) {
      if (line.startsWith("flags:")) {
        return Integer.parseInt(line.substring(6).strip(), 8);
      }
    }
    throw new IOException("no flags of " + fd);
  }

  @Test
  void aPipeThatNobodyReadsIsNotOpenedAgain() throws IOException {
    wire.peer().close();
    assertEquals(SequentialTransfer.NONE, natives.reopenNonBlocking(wire.end().number()));
    IOException[] outcome = new IOException[1];
    StateFile file = bench.opened(wire.target(), OpenMode.WRITE, Set.of());
    try (IoQueue queue = file.openQueue(1, List.of())) {
      queue.write(ByteBuffer.allocateDirect(64), 0, 1);
      queue.reap(1, (tag, transferred, failure) -> outcome[0] = failure);
    }
    assertEquals("write: Broken pipe (EPIPE)", outcome[0].getMessage());
  }

  @Test
  void withoutAnEndOfItsOwnBytesGoInOrderToo() throws Exception {
    byte[] content = new byte[300_007];
    new SplittableRandom(1).nextBytes(content);
    FutureTask<byte[]> peer = new FutureTask<>(() -> wire.receive(content.length));
    new Thread(peer, "peer").start();
    withoutOwnEnd().write(ByteBuffer.allocateDirect(content.length).put(content).flip(), 0);
    assertArrayEquals(content, peer.get());
  }

  @Test
  void withoutAnEndOfItsOwnAWaitCanBeInterruptedToo() throws Exception {
    FutureTask<Exception> waiting =
        new FutureTask<>(
            () -> {
              try {
                withoutOwnEnd().write(ByteBuffer.allocateDirect(10_000_000), 0);
                return null;
              } catch (IOException e) {
                return e;
              }
            });
    Thread thread = new Thread(waiting, "waits");
    thread.start();
    thread.join(150);
    assertTrue(thread.isAlive());
    thread.interrupt();
    assertInstanceOf(InterruptedIOException.class, waiting.get());
  }

  private Transfer withoutOwnEnd() {
    return SequentialTransfer.ofPipe(natives, wire.end().number(), SequentialTransfer.NONE);
  }
}
