/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** A queue outlives the thread that submitted, and buffers those who forgot them. */
class ThreadsTest {
  private static final int PIECE = 1 << 20;

  private static Set<Capability> wanted(boolean direct) {
    return direct ? Set.of(Capability.BYPASS_CACHE) : Set.of();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anotherThreadClosesWhatOneHasLeftInFlight(boolean direct) throws Exception {
    byte[] content = new byte[8 * PIECE + 77];
    new SplittableRandom(3).nextBytes(content);
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0);
        StateFile file = new UringBackend().open(caller.target(), OpenMode.WRITE, wanted(direct))) {
      IoQueue queue = file.openQueue(9, List.of());
      ByteBuffer buffer = ByteBuffer.allocateDirect(content.length).put(content);
      FutureTask<Void> submitting =
          new FutureTask<>(
              () -> {
                for (int i = 0; i < 9; i++) {
                  int end = Math.min(content.length, (i + 1) * PIECE);
                  queue.write(
                      buffer.duplicate().position(i * PIECE).limit(end), (long) i * PIECE, i);
                }
                return null;
              });
      Thread thread = new Thread(submitting, "submits and ends");
      thread.start();
      submitting.get();
      thread.join();
      Thread.currentThread().interrupt();
      queue.close();
      assertTrue(Thread.interrupted());
      assertArrayEquals(content, Files.readAllBytes(caller.path()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void buffersInFlightAreNotCollected(boolean direct) throws IOException {
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0);
        StateFile file = new UringBackend().open(caller.target(), OpenMode.WRITE, wanted(direct));
        IoQueue queue = file.openQueue(8, List.of())) {
      byte[] expected = new byte[64 * PIECE / 4];
      for (int i = 0; i < 64; i++) {
        if (queue.inFlight() == queue.depth()) {
          queue.reap(1, ThreadsTest::requireWhole);
        }
        queue.write(filled((byte) i), i * (PIECE / 4L), i);
        java.util.Arrays.fill(expected, i * (PIECE / 4), (i + 1) * (PIECE / 4), (byte) i);
        // Nobody but the queue knows the buffer any more; and memory that is free is filled anew.
        System.gc();
        filled((byte) 0xee);
      }
      queue.reap(queue.inFlight(), ThreadsTest::requireWhole);
      assertArrayEquals(expected, Files.readAllBytes(caller.path()));
    }
  }

  private static ByteBuffer filled(byte value) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(PIECE / 4 + 4096).alignedSlice(4096);
    buffer.limit(PIECE / 4);
    while (buffer.hasRemaining()) {
      buffer.put(value);
    }
    return buffer.flip();
  }

  private static void requireWhole(long tag, int moved, IOException failure) {
    assertEquals(PIECE / 4, moved, "write " + tag + ": " + failure);
  }
}
