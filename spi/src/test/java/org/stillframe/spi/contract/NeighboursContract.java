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
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Requests that share pages of the file and no byte: none of them disturbs another. */
interface NeighboursContract extends BackendUnderTest {
  /** Odd, and many of them in a page. */
  int STRIPE = 97;

  @Test
  default void severalQueuesShareThePagesOfAFile() throws Exception {
    byte[] around = Bytes.random(60, 70_000);
    byte[] content = Bytes.random(61, 60_001);
    Path path = bench().file(around);
    StateFile file = bench().opened(path, OpenMode.WRITE);
    new Stripes(file, content, 1003, STRIPE).write(4);
    System.arraycopy(content, 0, around, 1003, content.length);
    assertArrayEquals(around, Files.readAllBytes(path));
  }

  @Test
  default void severalQueuesExtendAFileTogether() throws Exception {
    byte[] content = Bytes.random(62, 60_001);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    new Stripes(file, content, 0, STRIPE).write(4);
    assertEquals(content.length, file.size());
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  /**
   * Whoever extends a file has its file system clear the rest of the block where it ended, perhaps
   * through the page cache. A part of that block must not be on its way past the cache meanwhile:
   * the sync would fail, or the part be lost.
   */
  @ParameterizedTest
  @ValueSource(ints = {512, 2560, 4096})
  default void theBlockWhereAFileEndsIsWrittenWhileItIsExtended(int length) throws IOException {
    int end = 3072;
    byte[] content = Arrays.copyOf(Bytes.random(67, end), end + 20 * 40_960);
    Path path = bench().file(Arrays.copyOf(content, end));
    StateFile file = bench().opened(path, OpenMode.WRITE);
    IoQueue queue = bench().queue(file, 2);
    for (int round = 0; round < 20; round++) {
      byte[] last = Bytes.random(100 + round, length);
      byte[] next = Bytes.random(200 + round, 311);
      queue.write(Bytes.direct(last), end - 3072, 0);
      System.arraycopy(last, 0, content, end - 3072, length);
      end += 40_960;
      queue.write(Bytes.direct(next), end - next.length, 1);
      System.arraycopy(next, 0, content, end - next.length, next.length);
      queue.reap(2, (tag, transferred, failure) -> assertNull(failure));
      file.sync();
    }
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 8192})
  default void aPageIsWrittenInManyPiecesAtOnce(int present) throws IOException {
    byte[] content = Bytes.random(63, 8192);
    Path path = bench().file(new byte[present]);
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.WRITE), 100);
    for (int i = 0; i * STRIPE < 8192; i++) {
      int end = Math.min(8192, (i + 1) * STRIPE);
      queue.write(Bytes.direct(content).position(i * STRIPE).limit(end), i * (long) STRIPE, i);
    }
    queue.reap(queue.inFlight(), (tag, transferred, failure) -> assertNull(failure));
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void aReadBesideAWriteInTheSamePageSeesWhatWasThere() throws IOException {
    byte[] content = Bytes.random(64, 8192);
    IoQueue queue = bench().queue(bench().opened(bench().file(content), OpenMode.WRITE), 40);
    for (int round = 0; round < 20; round++) {
      ByteBuffer[] reads = new ByteBuffer[20];
      for (int i = 0; i < 20; i++) {
        int at = i * 400;
        queue.write(Bytes.filled(200, round), at, i);
        reads[i] = ByteBuffer.allocateDirect(200);
        queue.read(reads[i], at + 200, i);
      }
      queue.reap(40, (tag, transferred, failure) -> assertEquals(200, transferred));
      for (int i = 0; i < 20; i++) {
        byte[] expected = Arrays.copyOfRange(content, i * 400 + 200, (i + 1) * 400);
        assertArrayEquals(expected, Bytes.of(reads[i]), "read " + i + " of round " + round);
      }
    }
  }

  @Test
  default void whatIsWrittenIsReadThroughEveryOtherQueue() throws IOException {
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    Requests writer = bench().requests(file);
    Requests sibling = bench().requests(file);
    Requests reader = bench().requests(bench().opened(path, OpenMode.READ));
    byte[] expected = new byte[0];
    for (int i = 0; i < 30; i++) {
      byte[] more = Bytes.random(300 + i, 1 + i * 211);
      int at = Math.max(0, expected.length - 50);
      writer.write(more, at);
      expected = Arrays.copyOf(expected, Math.max(expected.length, at + more.length));
      System.arraycopy(more, 0, expected, at, more.length);
      assertArrayEquals(expected, sibling.read(0, expected.length + 100), "round " + i);
      assertArrayEquals(expected, reader.read(0, expected.length + 100), "round " + i);
    }
  }

  @Test
  default void whatOthersStoreNearbyIsSeenAndKept() throws IOException {
    byte[] content = Bytes.random(65, 8192);
    Path path = bench().file(content);
    Descriptor others = bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Requests requests = bench().requests(bench().opened(path, OpenMode.WRITE));
    NearbyWrites.exchange(others.file(), requests, content);
  }
}
