/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Bytes go where they are sent and come back as they were. */
interface TransferContract extends BackendUnderTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 0x7fff_f000L, 0xffff_f800L, 0x1_0000_0001L, 0x2_3456_7000L})
  default void positionsBeyond4GiBAreThemselves(long offset) throws IOException {
    byte[] content = Bytes.random(offset, 8193);
    Path path = bench().file();
    Requests requests = bench().requests(bench().opened(path, OpenMode.WRITE));
    requests.write(content, offset);
    assertEquals(offset + content.length, Files.size(path));
    assertArrayEquals(content, requests.read(offset, content.length));
  }

  @Test
  default void whatIsWrittenIsInTheFile() throws IOException {
    byte[] content = Bytes.random(10, 300_000);
    Path path = bench().file();
    bench().requests(bench().opened(path, OpenMode.WRITE)).write(content, 0);
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void holesReadAsZeros() throws IOException {
    StateFile file = bench().created();
    Requests requests = bench().requests(file);
    requests.write(new byte[] {1}, 1 << 20);
    assertEquals((1 << 20) + 1, file.size());
    ByteBuffer buffer = Bytes.filled(1 << 20, 0xff);
    assertEquals(1 << 20, requests.read(buffer, 0));
    assertArrayEquals(new byte[1 << 20], Bytes.of(buffer));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 4096",
    "1, 0, 4096",
    "0, 1, 4096",
    "0, 0, 4097",
    "0, 0, 1",
    "511, 513, 777",
    "7, 4095, 2",
    "4095, 4097, 65535",
    "3, 8191, 12289",
    "0, 512, 512",
    "64, 65536, 1048577"
  })
  default void nothingNeedsToBeAligned(int address, long offset, int length) throws IOException {
    byte[] around = Bytes.random(11, (int) offset + length + 9000);
    byte[] content = Bytes.random(12, length);
    Path path = bench().file(around);
    Requests requests = bench().requests(bench().opened(path, OpenMode.WRITE));
    requests.write(Bytes.skewed(length, address).put(content).flip(), offset);

    byte[] expected = around.clone();
    System.arraycopy(content, 0, expected, (int) offset, length);
    assertArrayEquals(expected, Files.readAllBytes(path));
    ByteBuffer back = Bytes.skewed(length, address);
    assertEquals(length, requests.read(back, offset));
    assertArrayEquals(content, Bytes.of(back));
  }

  @Test
  default void aWriteCoversPositionToLimitAndLeavesThemAlone() throws IOException {
    byte[] content = Bytes.random(13, 10_000);
    Path path = bench().file();
    Requests requests = bench().requests(bench().opened(path, OpenMode.WRITE));
    ByteBuffer buffer = Bytes.direct(content).position(1003).limit(7001);
    requests.write(buffer, 0);
    assertEquals(List.of(1003, 7001), List.of(buffer.position(), buffer.limit()));
    assertArrayEquals(Arrays.copyOfRange(content, 1003, 7001), Files.readAllBytes(path));
  }

  @Test
  default void aReadCoversPositionToLimitAndLeavesThemAlone() throws IOException {
    byte[] content = Bytes.random(14, 10_000);
    Path path = bench().file(content);
    Requests requests = bench().requests(bench().opened(path, OpenMode.READ));
    ByteBuffer buffer = Bytes.filled(10_000, 0x5a).position(1003).limit(7001);
    assertEquals(5998, requests.read(buffer, 500));
    assertEquals(List.of(1003, 7001), List.of(buffer.position(), buffer.limit()));
    byte[] expected = new byte[10_000];
    Arrays.fill(expected, (byte) 0x5a);
    System.arraycopy(content, 500, expected, 1003, 5998);
    assertArrayEquals(expected, Bytes.of(buffer.clear()));
  }

  @Test
  default void aBufferThatMayNotBeChangedCanBeWritten() throws IOException {
    byte[] content = Bytes.random(15, 5000);
    Path path = bench().file();
    Requests requests = bench().requests(bench().opened(path, OpenMode.WRITE));
    requests.write(Bytes.direct(content).asReadOnlyBuffer(), 0);
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void requestsOfNothingMoveNothing() throws IOException {
    Path path = bench().file(new byte[100]);
    Requests requests = bench().requests(bench().opened(path, OpenMode.WRITE));
    ByteBuffer nothing = ByteBuffer.allocateDirect(64).position(13).limit(13);
    for (long offset : new long[] {0, 50, 100, 5000}) {
      requests.write(nothing, offset);
      assertEquals(0, requests.read(nothing, offset));
    }
    assertEquals(100, Files.size(path));
  }

  @ParameterizedTest
  @ValueSource(longs = {1000, 1001, 4096, 1L << 33})
  default void aReadPastTheEndBringsNothing(long offset) throws IOException {
    Path path = bench().file(new byte[1000]);
    Requests requests = bench().requests(bench().opened(path, OpenMode.READ));
    ByteBuffer buffer = Bytes.filled(4096, 0x5a);
    assertEquals(0, requests.read(buffer, offset));
    assertArrayEquals(Bytes.of(Bytes.filled(4096, 0x5a)), Bytes.of(buffer), "the buffer");
  }

  @ParameterizedTest
  @CsvSource({"0, 9000, 10000", "4096, 9000, 8192", "8999, 9000, 4096", "1, 4097, 4097"})
  default void aReadAcrossTheEndBringsWhatThereIs(int offset, int size, int length)
      throws IOException {
    byte[] content = Bytes.random(16, size);
    Path path = bench().file(content);
    Requests requests = bench().requests(bench().opened(path, OpenMode.READ));
    assertArrayEquals(Arrays.copyOfRange(content, offset, size), requests.read(offset, length));
  }

  @Test
  default void aWriteExtendsTheFileToItsEndAndNoFurther() throws IOException {
    StateFile file = bench().created();
    Requests requests = bench().requests(file);
    requests.write(new byte[10], 0);
    assertEquals(10, file.size());
    requests.write(new byte[10], 5);
    assertEquals(15, file.size());
    requests.write(new byte[1], 4999);
    assertEquals(5000, file.size());
    requests.write(new byte[100], 0);
    assertEquals(5000, file.size());
  }

  @Test
  default void aLaterWriteReplacesAnEarlierOne() throws IOException {
    byte[] first = Bytes.random(17, 20_000);
    byte[] second = Bytes.random(18, 7777);
    Path path = bench().file();
    Requests requests = bench().requests(bench().opened(path, OpenMode.WRITE));
    requests.write(first, 0);
    requests.write(second, 3333);
    System.arraycopy(second, 0, first, 3333, second.length);
    assertArrayEquals(first, Files.readAllBytes(path));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 5242883",
    "0, 4096, 33566777",
    "512, 4096, 2101248",
    "1, 8192, 2097153",
    "513, 1, 5242883",
    "4095, 4095, 1048577"
  })
  default void largeRequestsAreWhole(int address, long offset, int length) throws IOException {
    byte[] content = Bytes.random(19, length);
    StateFile file = bench().created();
    Requests requests = bench().requests(file);
    requests.write(Bytes.skewed(length, address).put(content).flip(), offset);
    assertEquals(offset + length, file.size());
    ByteBuffer back = Bytes.skewed(length, address);
    assertEquals(length, requests.read(back, offset));
    assertArrayEquals(content, Bytes.of(back));
  }

  @Test
  default void largeRequestsAreInFlightTogether() throws IOException {
    int length = 3 * (1 << 20) + 5;
    byte[] content = Bytes.random(29, 4 * length);
    Path path = bench().file();
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.WRITE), 4);
    for (int i = 0; i < 4; i++) {
      ByteBuffer piece = Bytes.skewed(length, i * 7).put(content, i * length, length).flip();
      queue.write(piece, (long) i * length, i);
    }
    queue.reap(4, (tag, transferred, failure) -> assertEquals(length, transferred));
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 5000, 131_072})
  default void dataAndHolesAreReadTogether(int grain) throws IOException {
    byte[] expected = Bytes.random(28, 9 * grain);
    Requests requests = bench().requests(bench().created());
    for (int i = 0; i < 9; i++) {
      if (i % 2 == 0) {
        requests.write(Arrays.copyOfRange(expected, i * grain, (i + 1) * grain), i * grain);
      } else {
        Arrays.fill(expected, i * grain, (i + 1) * grain, (byte) 0);
      }
    }
    ByteBuffer back = Bytes.filled(9 * grain - 30, 0xff);
    assertEquals(9 * grain - 30, requests.read(back, 11));
    assertArrayEquals(Arrays.copyOfRange(expected, 11, 9 * grain - 19), Bytes.of(back));
  }
}
