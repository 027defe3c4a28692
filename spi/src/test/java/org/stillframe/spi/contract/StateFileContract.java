/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Size, truncation, sync and alignment of a file. */
interface StateFileContract extends BackendUnderTest {
  @Test
  default void alignmentsArePowersOfTwo() throws IOException {
    StateFile file = bench().created();
    for (int alignment : new int[] {file.memoryAlignment(), file.offsetAlignment()}) {
      assertTrue(alignment >= 1 && Integer.bitCount(alignment) == 1, "alignment " + alignment);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 511, 4096, 100_001})
  default void sizeIsThatOfTheFile(int size) throws IOException {
    Path path = bench().file(new byte[size]);
    assertEquals(size, bench().opened(path, OpenMode.READ).size());
  }

  @Test
  default void sizeIsThatOfTheMomentItIsAsked() throws IOException {
    Path path = bench().file(new byte[100]);
    StateFile file = bench().opened(path, OpenMode.READ);
    Files.write(path, new byte[50], StandardOpenOption.APPEND);
    assertEquals(150, file.size());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4095, 4096, 9999})
  default void truncatingCuts(int size) throws IOException {
    byte[] content = Bytes.random(4, 10_000);
    Path path = bench().file(content);
    StateFile file = bench().opened(path, OpenMode.WRITE);
    file.truncate(size);
    assertEquals(size, file.size());
    assertArrayEquals(Arrays.copyOf(content, size), Files.readAllBytes(path));
  }

  @Test
  default void truncatingExtendsWithZeros() throws IOException {
    byte[] content = Bytes.random(5, 1000);
    Path path = bench().file(content);
    StateFile file = bench().opened(path, OpenMode.WRITE);
    file.truncate(9001);
    assertEquals(9001, file.size());
    assertArrayEquals(Arrays.copyOf(content, 9001), bench().requests(file).read(0, 10_000));
  }

  @Test
  default void whatWasCutOffDoesNotComeBack() throws IOException {
    Path path = bench().file(Bytes.random(6, 10_000));
    StateFile file = bench().opened(path, OpenMode.WRITE);
    file.truncate(10);
    file.truncate(10_000);
    byte[] read = bench().requests(file).read(10, 10_000);
    assertArrayEquals(new byte[9990], read);
  }

  @Test
  default void truncatingToLessThanNothingIsRefused() throws IOException {
    StateFile file = bench().created();
    assertThrows(IllegalArgumentException.class, () -> file.truncate(-1));
  }

  @Test
  default void aFileOpenedForReadingIsNotTruncated() throws IOException {
    byte[] content = Bytes.random(7, 1000);
    Path path = bench().file(content);
    Descriptor descriptor =
        bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    StateFile file = bench().opened(bench().target(path, descriptor), OpenMode.READ, wanted());
    assertThrows(IOException.class, () -> file.truncate(0));
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void syncMayBeCalledAtAnyTime() throws IOException {
    byte[] content = Bytes.random(8, 70_000);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    file.sync();
    Requests requests = bench().requests(file);
    requests.write(content, 0);
    file.sync();
    file.sync();
    assertArrayEquals(content, Files.readAllBytes(path));
    bench().opened(path, OpenMode.READ).sync();
  }

  @Test
  default void whatWasWrittenIsThereWhenItIsOpenedAgain() throws IOException {
    byte[] content = Bytes.random(9, 123_457);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    Requests requests = bench().requests(file);
    requests.write(content, 4096);
    requests.queue().close();
    file.sync();
    file.close();
    StateFile again = bench().opened(path, OpenMode.READ);
    assertEquals(4096 + content.length, again.size());
    assertArrayEquals(content, bench().requests(again).read(4096, content.length));
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 4097, Integer.MAX_VALUE})
  default void aQueueHasADepthFrom1To4096(int depth) throws IOException {
    StateFile file = bench().created();
    assertThrows(IllegalArgumentException.class, () -> file.openQueue(depth, List.of()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 63, 4096})
  default void aQueueKnowsItsDepth(int depth) throws IOException {
    assertEquals(depth, bench().queue(bench().created(), depth).depth());
  }

  @Test
  default void onlyDirectBuffersAreRegistered() throws IOException {
    StateFile file = bench().created();
    List<ByteBuffer> buffers = List.of(ByteBuffer.allocateDirect(64), ByteBuffer.allocate(64));
    assertThrows(IllegalArgumentException.class, () -> file.openQueue(4, buffers));
  }

  @Test
  default void manyQueuesAreOpenTogether() throws IOException {
    byte[] content = Bytes.random(100, 40 * 501);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    List<IoQueue> queues = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      queues.add(bench().queue(file, 32));
    }
    for (int i = 0; i < 40; i++) {
      ByteBuffer piece = Bytes.direct(content).position(i * 501).limit((i + 1) * 501);
      queues.get(i).write(piece, i * 501L, i);
    }
    for (IoQueue queue : queues) {
      queue.reap(1, (tag, transferred, failure) -> assertEquals(501, transferred));
    }
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void aQueueIsUsedByAnotherThreadThanTheOneThatOpenedIt() throws Exception {
    byte[] content = Bytes.random(101, 50_001);
    Path path = bench().file();
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.WRITE), 1);
    FutureTask<byte[]> task =
        new FutureTask<>(
            () -> {
              Requests requests = new Requests(queue);
              requests.write(content, 0);
              byte[] read = requests.read(0, content.length);
              queue.close();
              return read;
            });
    new Thread(task, "uses the queue").start();
    assertArrayEquals(content, task.get());
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void othersMayAskAndSyncWhileAQueueIsBusy() throws Exception {
    byte[] content = Bytes.random(102, 300 * 1001);
    Path path = bench().file(new byte[1]);
    StateFile file = bench().opened(path, OpenMode.WRITE);
    AtomicBoolean done = new AtomicBoolean();
    FutureTask<Long> other =
        new FutureTask<>(
            () -> {
              long size = 0;
              while (!done.get()) {
                long now = file.size();
                assertTrue(now >= size, "size " + now + " after " + size);
                size = now;
                file.sync();
              }
              return file.size();
            });
    new Thread(other, "asks").start();
    try {
      Requests requests = bench().requests(file);
      for (int i = 0; i < 300; i++) {
        requests.write(Arrays.copyOfRange(content, i * 1001, (i + 1) * 1001), i * 1001L);
      }
    } finally {
      done.set(true);
    }
    assertEquals(content.length, other.get());
    assertArrayEquals(content, Files.readAllBytes(path));
  }
}
