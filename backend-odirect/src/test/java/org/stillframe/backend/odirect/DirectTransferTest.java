/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.spi.SystemCallException;

/** What is asked of the system, and what is made of its answers. */
class DirectTransferTest {
  private static final Geometry GEOMETRY = new Geometry(512, 512, 4096);
  private static final int SIZE = 3 << 20;

  private final byte[] content = new byte[SIZE];

  private static DirectTransfer over(MemoryAccess access) {
    return new DirectTransfer(access, GEOMETRY, () -> access.content.length);
  }

  private static ByteBuffer buffer(int length, int skew) {
    return ByteBuffer.allocateDirect(length + skew + 8192)
        .alignedSlice(4096)
        .limit(skew + length)
        .position(skew);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 8192, 0",
    "0, 8193, 1",
    "1, 8192, 2",
    "4095, 4097, 1",
    "100, 100, 1",
    "1, 4096, 2"
  })
  void onlyEdgesAreBuffered(int offset, int length, int edges) throws IOException {
    MemoryAccess access = new MemoryAccess(GEOMETRY, content, 0, 0);
    over(access).write(buffer(length, 0), offset);
    assertEquals(edges, access.edges);
  }

  /** The rest of a granule that was cut short is an edge, whose memory is no longer aligned. */
  @ParameterizedTest
  @CsvSource({"512, 4096", "512, 65536", "1, 65536", "4096, 1048576"})
  void whatIsCutShortIsCarriedOn(int unit, int longest) throws IOException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    MemoryAccess access = new MemoryAccess(GEOMETRY, new byte[0], seed, unit);
    DirectTransfer transfer = over(access);
    byte[] expected = new byte[0];
    for (int step = 0; step < 200; step++) {
      int offset = random.nextInt(SIZE - 2 * longest);
      byte[] bytes = new byte[1 + random.nextInt(longest)];
      random.nextBytes(bytes);
      int skew = random.nextBoolean() ? 0 : random.nextInt(4096);
      ByteBuffer buffer = buffer(bytes.length, skew);
      buffer.put(skew, bytes);
      transfer.write(buffer, offset);
      assertEquals(0, buffer.remaining(), "seed " + seed);
      int end = Math.max(expected.length, offset + bytes.length);
      expected = Arrays.copyOf(expected, end);
      System.arraycopy(bytes, 0, expected, offset, bytes.length);
    }
    assertArrayEquals(expected, access.content, "seed " + seed);
  }

  @ParameterizedTest
  @CsvSource({"512, 4096", "512, 65536", "4096, 1500000"})
  void readsThatAreCutShortAreCarriedOnToTheEnd(int unit, int longest) throws IOException {
    long seed = System.nanoTime();
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = new byte[SIZE - 1234];
    random.nextBytes(bytes);
    DirectTransfer transfer = over(new MemoryAccess(GEOMETRY, bytes, seed, unit));
    for (int step = 0; step < 100; step++) {
      int offset = random.nextInt(SIZE);
      int length = 1 + random.nextInt(longest);
      int skew = random.nextBoolean() ? 0 : random.nextInt(4096);
      ByteBuffer buffer = buffer(length, skew);
      transfer.read(buffer, offset);
      byte[] came = new byte[buffer.position() - skew];
      buffer.get(skew, came);
      byte[] there =
          Arrays.copyOfRange(
              bytes,
              Math.min(offset, bytes.length),
              Math.max(Math.min(offset, bytes.length), Math.min(offset + length, bytes.length)));
      assertArrayEquals(there, came, "seed " + seed + ", step " + step);
    }
  }

  @Test
  void aReadThatStopsBeforeTheEndIsNoEnd() throws IOException {
    MemoryAccess access = new MemoryAccess(GEOMETRY, new byte[1000], 0, 0);
    DirectTransfer transfer = new DirectTransfer(access, GEOMETRY, () -> 5000);
    ByteBuffer buffer = buffer(4096, 0);
    IOException failure = assertThrows(IOException.class, () -> transfer.read(buffer, 0));
    assertEquals("pread: no bytes came at 1000, before the end of the file", failure.getMessage());
    assertEquals(1000, buffer.position());
  }

  @Test
  void whatIsWronglyAlignedFailsWithItsAlignment() {
    MemoryAccess access = new MemoryAccess(GEOMETRY, content, 0, 0);
    access.failure = Errno.EINVAL.intValue();
    String tail =
        ": Invalid argument (EINVAL), of 4096 bytes at 8192 with O_DIRECT,"
            + " aligned to 512 in memory and 512 in the file";
    DirectTransfer transfer = over(access);
    assertFailure("pwrite" + tail, () -> transfer.write(buffer(4096, 0), 8192));
    assertFailure("pread" + tail, () -> transfer.read(buffer(4096, 0), 8192));
    assertEquals(0, access.edges, "nothing was tried in another way");
  }

  @Test
  void anEdgeFailsInTheSystemsWords() {
    MemoryAccess access = new MemoryAccess(GEOMETRY, content, 0, 0);
    access.failure = Errno.ENOSPC.intValue();
    String words = "pwrite: No space left on device (ENOSPC)";
    assertFailure(words, () -> over(access).write(buffer(100, 0), 0));
    assertFailure(words, () -> over(access).write(buffer(4096, 0), 0));
  }

  private static void assertFailure(String message, Moving moving) {
    SystemCallException failure = assertThrows(SystemCallException.class, moving::run);
    assertEquals(message, failure.getMessage());
  }

  private interface Moving {
    void run() throws IOException;
  }
}
