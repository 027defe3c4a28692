/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Buffers that a queue was told of, and requests that use them, parts of them, or others. */
interface BuffersContract extends BackendUnderTest {
  /** Reads that fill each buffer from where the one before ends. */
  private static void readAll(IoQueue queue, List<ByteBuffer> buffers) throws IOException {
    long offset = 0;
    for (int i = 0; i < buffers.size(); i++) {
      if (queue.inFlight() == queue.depth()) {
        queue.reap(1, (tag, transferred, failure) -> assertNull(failure));
      }
      queue.read(buffers.get(i), offset, i);
      offset += buffers.get(i).remaining();
    }
    queue.reap(queue.inFlight(), (tag, transferred, failure) -> assertNull(failure));
  }

  private static byte[] together(List<ByteBuffer> buffers) {
    int length = buffers.stream().mapToInt(ByteBuffer::remaining).sum();
    ByteBuffer all = ByteBuffer.allocate(length);
    buffers.forEach(buffer -> all.put(buffer.duplicate()));
    return all.array();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 100, 2000})
  default void thereMayBeManyBuffers(int count) throws IOException {
    byte[] content = Bytes.random(50, count * 1024);
    StateFile file = bench().opened(bench().file(content), OpenMode.READ);
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      buffers.add(Bytes.skewed(1024, i % 4096));
    }
    // All of them hold the same, and are equal for that: which is meant is not a matter of content.
    readAll(bench().keep(file.openQueue(16, buffers)), buffers);
    assertArrayEquals(content, together(buffers));
  }

  @Test
  default void buffersOfAllKindsMayBeTold() throws IOException {
    byte[] content = Bytes.random(51, 20_000);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    ByteBuffer one = Bytes.direct(content);
    List<ByteBuffer> buffers = new ArrayList<>();
    buffers.add(ByteBuffer.allocateDirect(0));
    buffers.add(one);
    buffers.add(one);
    buffers.add(one.asReadOnlyBuffer());
    buffers.add(one.duplicate().position(777).slice());
    buffers.add(Bytes.skewed(3, 5));
    IoQueue queue = bench().keep(file.openQueue(8, buffers));
    // The queue knows them by now; the list is the caller's.
    buffers.clear();
    for (int i = 0; i < 4; i++) {
      queue.write(one.duplicate().position(i * 5000).limit((i + 1) * 5000), i * 5000L, i);
    }
    queue.reap(4, (tag, transferred, failure) -> assertEquals(5000, transferred));
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void allOfABufferIsKnownWhateverRemainedOfIt() throws IOException {
    byte[] content = Bytes.random(52, 50_000);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    ByteBuffer empty = Bytes.direct(content).limit(0);
    ByteBuffer middle = Bytes.direct(content).position(20_000).limit(20_100);
    Requests requests = new Requests(bench().keep(file.openQueue(2, List.of(empty, middle))));
    requests.write(empty.clear().limit(30_000), 0);
    requests.write(middle.clear().position(30_000), 30_000);
    assertArrayEquals(content, Files.readAllBytes(path));
    assertEquals(50_000, requests.read(middle.clear(), 0));
    assertArrayEquals(content, Bytes.of(middle));
  }

  @Test
  default void aRequestMayCoverNeighboursThatWereToldOneByOne() throws IOException {
    byte[] content = Bytes.random(53, 16_384);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    ByteBuffer whole = Bytes.skewed(16_384, 0).put(content).flip();
    List<ByteBuffer> halves = List.of(whole.slice(0, 8192), whole.slice(8192, 8192));
    Requests requests = new Requests(bench().keep(file.openQueue(2, halves)));
    requests.write(whole, 0);
    requests.write(whole.slice(4096, 8192), 16_384);
    byte[] expected = Arrays.copyOf(content, 24_576);
    System.arraycopy(content, 4096, expected, 16_384, 8192);
    assertArrayEquals(expected, Files.readAllBytes(path));
  }

  @Test
  default void toldAndUntoldBuffersAreInFlightTogether() throws IOException {
    byte[] content = Bytes.random(54, 32 * 3001);
    StateFile file = bench().opened(bench().file(content), OpenMode.READ);
    ByteBuffer told = ByteBuffer.allocateDirect(16 * 3001);
    List<ByteBuffer> used = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      ByteBuffer part = told.duplicate().position(i * 3001).limit((i + 1) * 3001);
      used.add(i % 2 == 0 ? part : part.slice());
      used.add(ByteBuffer.allocateDirect(3001));
    }
    readAll(bench().keep(file.openQueue(32, List.of(told))), used);
    assertArrayEquals(content, together(used));
  }

  @Test
  default void severalQueuesMayKnowTheSameBuffers() throws IOException {
    byte[] content = Bytes.random(55, 4 * 5000);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    ByteBuffer shared = Bytes.direct(content);
    IoQueue[] queues = new IoQueue[4];
    for (int i = 0; i < 4; i++) {
      queues[i] = bench().keep(file.openQueue(1, List.of(shared)));
      queues[i].write(shared.duplicate().position(i * 5000).limit((i + 1) * 5000), i * 5000L, i);
    }
    queues[0].close();
    for (int i = 1; i < 4; i++) {
      queues[i].reap(1, (tag, transferred, failure) -> assertEquals(5000, transferred));
    }
    assertArrayEquals(content, Files.readAllBytes(path));
  }
}
