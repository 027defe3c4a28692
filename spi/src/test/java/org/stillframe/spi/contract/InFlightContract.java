/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Many requests under way together: whose outcome is whose, and whose memory. */
interface InFlightContract extends BackendUnderTest {
  @Test
  default void eachOutcomeIsThatOfItsTag() throws IOException {
    byte[] content = Bytes.random(40, 100_000);
    Path path = bench().file(content);
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.WRITE), 60);
    ByteBuffer[] reads = new ByteBuffer[60];
    int[] expected = new int[60];
    for (int i = 0; i < 60; i++) {
      int length = 1 + i * 331;
      if (i % 3 == 0) {
        // Beside the others, so that what is read does not depend on the order.
        queue.write(ByteBuffer.allocateDirect(length), 200_000 + i * 20_000L, i);
        expected[i] = length;
      } else if (i % 3 == 1) {
        reads[i] = ByteBuffer.allocateDirect(length);
        queue.read(reads[i], 90_000, i);
        expected[i] = Math.min(length, 10_000);
      } else {
        queue.write(ByteBuffer.allocateDirect(length), FailureContract.LAST_PAGE + 4000, i);
        expected[i] = -1;
      }
    }
    int[] outcome = new int[60];
    int reaped =
        queue.reap(60, (tag, moved, failure) -> outcome[(int) tag] = failure == null ? moved : -1);
    assertEquals(60, reaped);
    // What the reads beyond the old end found depends on which writes came first.
    for (int i = 1; i < 60; i += 3) {
      int before = Math.min(reads[i].remaining(), 10_000);
      assertTrue(outcome[i] >= before, outcome[i] + " of " + before + " bytes by read " + i);
      byte[] came = Arrays.copyOf(Bytes.of(reads[i]), before);
      assertArrayEquals(Arrays.copyOfRange(content, 90_000, 90_000 + before), came, "read " + i);
      outcome[i] = before;
    }
    assertArrayEquals(expected, outcome);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 32})
  default void asManyFitAsWereReaped(int depth) throws IOException {
    IoQueue queue = bench().queue(bench().created(), depth);
    ByteBuffer buffer = ByteBuffer.allocateDirect(512);
    int submitted = 0;
    int reaped = 0;
    for (int round = 0; round < 50; round++) {
      while (submitted - reaped < depth) {
        queue.write(buffer, submitted * 512L, submitted);
        submitted++;
        assertEquals(submitted - reaped, queue.inFlight());
      }
      assertThrows(IllegalStateException.class, () -> queue.write(buffer, 0, -1));
      reaped += queue.reap(1, (tag, transferred, failure) -> assertNull(failure));
      assertEquals(submitted - reaped, queue.inFlight());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64})
  default void thousandsOfRequestsGoRound(int depth) throws IOException {
    Path path = bench().file(new byte[depth * 4096]);
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.WRITE), depth);
    ByteBuffer[] buffers = new ByteBuffer[depth];
    int[] rounds = new int[depth];
    BitSet idle = new BitSet();
    idle.set(0, depth);
    for (int i = 0; i < depth; i++) {
      buffers[i] = Bytes.skewed(4096, 0);
    }
    int reaped = 0;
    while (reaped < 5000) {
      for (int i = idle.nextSetBit(0); i >= 0; i = idle.nextSetBit(i)) {
        // Each lane writes its round's number and then reads it.
        boolean writes = rounds[i] % 2 == 0;
        buffers[i].putInt(8, writes ? rounds[i] * 64 + i : -1);
        if (writes) {
          queue.write(buffers[i], i * 4096L, i);
        } else {
          queue.read(buffers[i], i * 4096L, i);
        }
        idle.clear(i);
      }
      reaped +=
          queue.reap(
              1,
              (tag, transferred, failure) -> {
                int lane = (int) tag;
                assertNull(failure);
                assertEquals(4096, transferred);
                assertTrue(!idle.get(lane), "lane " + lane + " was idle");
                int written = rounds[lane] & -2;
                assertEquals(written * 64 + lane, buffers[lane].getInt(8), "lane " + lane);
                rounds[lane]++;
                idle.set(lane);
              });
    }
  }

  @Test
  default void whatACompletionThrowsComesOutAndTheOthersFollow() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 8);
    for (int i = 0; i < 8; i++) {
      queue.write(ByteBuffer.allocateDirect(100), i * 100L, i);
    }
    BitSet seen = new BitSet();
    RuntimeException thrown = new IllegalStateException("by a completion");
    while (seen.cardinality() < 8) {
      int before = seen.cardinality();
      RuntimeException came =
          assertThrows(
              RuntimeException.class,
              () ->
                  queue.reap(
                      1,
                      (tag, transferred, failure) -> {
                        assertTrue(!seen.get((int) tag), "tag " + tag + " came twice");
                        seen.set((int) tag);
                        throw thrown;
                      }));
      assertSame(thrown, came);
      assertEquals(before + 1, seen.cardinality());
      assertEquals(8 - seen.cardinality(), queue.inFlight());
    }
    Requests requests = new Requests(queue);
    requests.write(new byte[] {1, 2, 3}, 1);
    assertArrayEquals(new byte[] {0, 1, 2, 3, 0}, requests.read(0, 5));
  }

  @Test
  default void memoryThatNobodyElseHoldsStaysUntilItIsWritten() throws IOException {
    byte[] content = Bytes.random(41, 64 * 65_537);
    Path path = bench().file();
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.WRITE), 64);
    for (int i = 0; i < 64; i++) {
      int from = i * 65_537;
      queue.write(Bytes.direct(Arrays.copyOfRange(content, from, from + 65_537)), from, i);
    }
    System.gc();
    ByteBuffer[] others = new ByteBuffer[64];
    for (int i = 0; i < 64; i++) {
      others[i] = Bytes.filled(65_537, 0x77);
    }
    queue.reap(64, (tag, transferred, failure) -> assertEquals(65_537, transferred));
    assertArrayEquals(content, Files.readAllBytes(path));
    assertEquals(0x77, others[63].get(0));
  }

  @Test
  default void afterClosingTheMemoryIsTheCallersAgain() throws IOException {
    byte[] content = Bytes.random(42, 1 << 20);
    StateFile file = bench().opened(bench().file(content), OpenMode.WRITE);
    ByteBuffer buffer = Bytes.skewed(1 << 20, 0);
    Requests others = bench().requests(file);
    byte[] mine = Bytes.of(Bytes.filled(1 << 20, 0x33));
    for (int round = 0; round < 10; round++) {
      IoQueue queue = bench().queue(file, 16);
      for (int i = 0; i < 16; i++) {
        ByteBuffer piece = buffer.duplicate().position(i << 16).limit((i + 1) << 16);
        queue.read(piece, (i << 16) + round, i);
      }
      queue.close();
      buffer.clear().put(mine).flip();
      assertArrayEquals(content, others.read(0, 1 << 20));
      assertArrayEquals(mine, Bytes.of(buffer), "round " + round);
    }
  }

  @Test
  default void anInterruptedThreadGetsAllItsCompletions() throws IOException {
    byte[] content = Bytes.random(43, 8 * 10_007);
    Path path = bench().file(content);
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.READ), 8);
    ByteBuffer[] buffers = new ByteBuffer[8];
    IOException[] failures = new IOException[8];
    for (int i = 0; i < 8; i++) {
      buffers[i] = ByteBuffer.allocateDirect(10_007);
      queue.read(buffers[i], i * 10_007L, i);
    }
    Thread.currentThread().interrupt();
    int reaped;
    try {
      reaped = queue.reap(8, (tag, transferred, failure) -> failures[(int) tag] = failure);
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt status stays set");
    }
    assertEquals(8, reaped);
    for (int i = 0; i < 8; i++) {
      if (survivesInterrupt() || failures[i] == null) {
        assertNull(failures[i], "read " + i);
        byte[] expected = Arrays.copyOfRange(content, i * 10_007, (i + 1) * 10_007);
        assertArrayEquals(expected, Bytes.of(buffers[i]), "read " + i);
      } else {
        assertInstanceOf(InterruptedIOException.class, failures[i]);
      }
    }
  }
}
