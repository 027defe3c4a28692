/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Submission, completion and the end of a queue. */
interface QueueContract extends BackendUnderTest {
  /** What nobody may hand over. */
  IoQueue.Completion NONE =
      (tag, transferred, failure) -> {
        throw new AssertionError("completion of " + tag);
      };

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 64, 4096})
  default void everyTagComesBackOnce(int depth) throws IOException {
    IoQueue queue = bench().queue(bench().created(), depth);
    Map<Long, Integer> lengths = new TreeMap<>();
    for (int i = 0; i < depth; i++) {
      queue.write(ByteBuffer.allocateDirect(100 + i), i * 4096L, Long.MIN_VALUE + i * 77L);
    }
    assertEquals(depth, queue.inFlight());
    int reaped = 0;
    while (reaped < depth) {
      reaped +=
          queue.reap(
              1,
              (tag, transferred, failure) -> {
                assertNull(failure);
                assertNull(lengths.put(tag, transferred), "tag " + tag + " came twice");
              });
      assertEquals(depth - reaped, queue.inFlight());
    }
    for (int i = 0; i < depth; i++) {
      assertEquals(100 + i, lengths.get(Long.MIN_VALUE + i * 77L), "request " + i);
    }
  }

  @Test
  default void equalTagsAreTheCallersBusiness() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 3);
    int[] seen = {0};
    for (int i = 0; i < 3; i++) {
      queue.write(ByteBuffer.allocateDirect(10), i * 10L, 5);
    }
    int reaped = queue.reap(3, (tag, transferred, failure) -> seen[0] += tag == 5 ? 1 : 100);
    assertEquals(List.of(3, 3), List.of(reaped, seen[0]));
  }

  @Test
  default void aFullQueueTakesNoMore() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 2);
    ByteBuffer buffer = ByteBuffer.allocateDirect(16);
    queue.write(buffer, 0, 1);
    queue.write(buffer.duplicate(), 16, 2);
    assertThrows(IllegalStateException.class, () -> queue.write(buffer, 32, 3));
    assertThrows(IllegalStateException.class, () -> queue.read(buffer, 0, 4));
    assertEquals(2, queue.inFlight());
    boolean[] tags = new boolean[5];
    assertEquals(2, queue.reap(2, (tag, transferred, failure) -> tags[(int) tag] = true));
    assertArrayEquals(new boolean[] {false, true, true, false, false}, tags);
    queue.read(buffer, 0, 4);
    assertEquals(1, queue.inFlight());
    queue.reap(1, (tag, transferred, failure) -> assertEquals(4, tag));
  }

  @Test
  default void whatWasNotReapedCountsAsInFlight() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 4);
    assertEquals(0, queue.inFlight());
    queue.write(ByteBuffer.allocateDirect(16), 0, 1);
    assertEquals(1, queue.inFlight());
    queue.reap(1, (tag, transferred, failure) -> assertNull(failure));
    assertEquals(0, queue.inFlight());
  }

  @Test
  default void reapingNothingFromAnIdleQueueIsFine() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 4);
    assertEquals(0, queue.reap(0, NONE));
  }

  @Test
  default void reapingWithoutWaitingHandsOverEverythingInTheEnd() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 8);
    for (int i = 0; i < 8; i++) {
      queue.write(ByteBuffer.allocateDirect(4096), i * 4096L, i);
    }
    int reaped = 0;
    while (reaped < 8) {
      int now = queue.reap(0, (tag, transferred, failure) -> assertNull(failure));
      assertTrue(now >= 0 && now <= 8 - reaped, "reaped " + now + " after " + reaped);
      reaped += now;
      Thread.onSpinWait();
    }
  }

  @Test
  default void reapWaitsForAsManyAsItIsTold() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 8);
    for (int i = 0; i < 8; i++) {
      queue.write(ByteBuffer.allocateDirect(4096), i * 4096L, i);
    }
    int reaped = queue.reap(5, (tag, transferred, failure) -> assertNull(failure));
    assertTrue(reaped >= 5, "reaped " + reaped);
    int rest = queue.reap(8 - reaped, (tag, transferred, failure) -> assertNull(failure));
    assertEquals(8, reaped + rest);
  }

  @Test
  default void reapingOtherThanWhatIsInFlightIsRefused() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 4);
    assertThrows(IllegalArgumentException.class, () -> queue.reap(-1, NONE));
    assertThrows(IllegalArgumentException.class, () -> queue.reap(1, NONE));
    queue.write(ByteBuffer.allocateDirect(16), 0, 1);
    assertThrows(IllegalArgumentException.class, () -> queue.reap(2, NONE));
    assertEquals(1, queue.inFlight());
    assertEquals(1, queue.reap(1, (tag, transferred, failure) -> assertEquals(1, tag)));
  }

  @Test
  default void overlappingReadsAreIndependent() throws IOException {
    byte[] content = Bytes.random(20, 10_000);
    Path path = bench().file(content);
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.READ), 4);
    ByteBuffer[] buffers = new ByteBuffer[4];
    for (int i = 0; i < 4; i++) {
      buffers[i] = ByteBuffer.allocateDirect(5000);
      queue.read(buffers[i], i * 1000L, i);
    }
    queue.reap(4, (tag, transferred, failure) -> assertEquals(5000, transferred));
    for (int i = 0; i < 4; i++) {
      byte[] expected = Arrays.copyOfRange(content, i * 1000, i * 1000 + 5000);
      assertArrayEquals(expected, Bytes.of(buffers[i]), "read " + i);
    }
  }

  @Test
  default void overlappingWritesLeaveTheBytesOfOneOfThem() throws IOException {
    Path path = bench().file();
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.WRITE), 4);
    for (int i = 0; i < 4; i++) {
      queue.write(Bytes.filled(8192, i + 1), 0, i);
    }
    queue.reap(4, (tag, transferred, failure) -> assertEquals(8192, transferred));
    byte[] stored = Files.readAllBytes(path);
    assertEquals(8192, stored.length);
    for (byte each : stored) {
      assertTrue(each >= 1 && each <= 4, "byte " + each);
    }
  }

  @Test
  default void slicesOfRegisteredBuffersAndOthersAreTaken() throws IOException {
    byte[] content = Bytes.random(21, 20_000);
    ByteBuffer registered = Bytes.direct(content);
    ByteBuffer other = Bytes.direct(content);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    List<ByteBuffer> buffers = List.of(registered, ByteBuffer.allocateDirect(4096));
    Requests requests = new Requests(bench().keep(file.openQueue(2, buffers)));
    requests.write(registered.duplicate().position(0).limit(7000).slice(), 0);
    requests.write(registered.duplicate().position(7000).limit(13_001), 7000);
    requests.write(other.position(13_001), 13_001);
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void closingWaitsForWhatIsInFlight() throws IOException {
    byte[] content = Bytes.random(22, 1 << 20);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    IoQueue queue = bench().queue(file, 4);
    for (int i = 0; i < 4; i++) {
      queue.write(Bytes.direct(content).position(i << 18).limit((i + 1) << 18), i << 18, i);
    }
    queue.close();
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void aClosedQueueIsNotUsed() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 4);
    ByteBuffer buffer = ByteBuffer.allocateDirect(16);
    queue.close();
    queue.close();
    assertThrows(IllegalStateException.class, () -> queue.read(buffer, 0, 1));
    assertThrows(IllegalStateException.class, () -> queue.write(buffer, 0, 1));
    assertThrows(IllegalStateException.class, () -> queue.reap(0, NONE));
  }

  @Test
  default void aQueueOfAFileForReadingIsNotUsedWhenClosedEither() throws IOException {
    IoQueue queue = bench().queue(bench().opened(bench().file(), OpenMode.READ), 4);
    queue.close();
    ByteBuffer buffer = ByteBuffer.allocateDirect(16);
    assertThrows(IllegalStateException.class, () -> queue.write(buffer, 0, 1));
  }
}
