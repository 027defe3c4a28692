/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.SystemCallException;

/** Requests that cannot be, and requests that fail. */
interface FailureContract extends BackendUnderTest {
  /** Page-aligned, and less than two pages before the last position that there is. */
  long LAST_PAGE = Long.MAX_VALUE - 4095;

  @Test
  default void negativeOffsetsAreRefused() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 4);
    ByteBuffer buffer = ByteBuffer.allocateDirect(16);
    for (long offset : new long[] {-1, -4096, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> queue.read(buffer, offset, 1));
      assertThrows(IllegalArgumentException.class, () -> queue.write(buffer, offset, 1));
    }
    assertEquals(0, queue.inFlight());
  }

  @Test
  default void buffersOnTheHeapAreRefused() throws IOException {
    IoQueue queue = bench().queue(bench().created(), 4);
    ByteBuffer heap = ByteBuffer.allocate(16);
    assertThrows(IllegalArgumentException.class, () -> queue.read(heap, 0, 1));
    assertThrows(IllegalArgumentException.class, () -> queue.write(heap, 0, 1));
    assertEquals(0, queue.inFlight());
  }

  @Test
  default void aBufferThatMayNotBeChangedIsNotReadInto() throws IOException {
    byte[] content = Bytes.random(23, 64);
    IoQueue queue = bench().queue(bench().opened(bench().file(content), OpenMode.READ), 4);
    ByteBuffer buffer = ByteBuffer.allocateDirect(64);
    assertThrows(IllegalArgumentException.class, () -> queue.read(buffer.asReadOnlyBuffer(), 0, 1));
    assertEquals(0, queue.inFlight());
    assertArrayEquals(new byte[64], Bytes.of(buffer));
  }

  @Test
  default void aFileOpenedForReadingIsNotWritten() throws IOException {
    byte[] content = Bytes.random(24, 8192);
    Path path = bench().file(content);
    Descriptor descriptor =
        bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    StateFile file = bench().opened(bench().target(path, descriptor), OpenMode.READ, wanted());
    IoQueue queue = bench().queue(file, 4);
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    IOException failure =
        assertThrows(IOException.class, () -> queue.write(buffer, 0, 1), "of the submission");
    assertFalse(failure.getMessage().isBlank());
    assertEquals(0, queue.inFlight());
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void whatTheDescriptorDoesNotAllowIsNotDone() throws IOException {
    byte[] content = Bytes.random(25, 8192);
    Path path = bench().file(content);
    Descriptor descriptor = bench().descriptor(path, StandardOpenOption.READ);
    // Either of the two may refuse: opening, or the request.
    IOException failure =
        assertThrows(
            IOException.class,
            () -> {
              StateFile file =
                  bench().opened(bench().target(path, descriptor), OpenMode.WRITE, wanted());
              IOException outcome =
                  bench().requests(file).tryWrite(ByteBuffer.allocateDirect(4096), 0);
              if (outcome != null) {
                throw outcome;
              }
            });
    assertFalse(failure.getMessage().isBlank());
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @Test
  default void aFailureIsHandedOverInTheSystemsWords() throws IOException {
    Requests requests = bench().requests(bench().created());
    IOException failure = requests.tryWrite(ByteBuffer.allocateDirect(8192), LAST_PAGE);
    SystemCallException refusal = assertInstanceOf(SystemCallException.class, failure);
    assertTrue(refusal.errno() > 0, "errno " + refusal.errno());
    assertFalse(refusal.call().isBlank());
    assertTrue(refusal.getMessage().startsWith(refusal.call() + ": "), refusal.getMessage());
  }

  @Test
  default void aReadBeyondAllPositionsEndsTheQueueForNobody() throws IOException {
    Requests requests = bench().requests(bench().created());
    // Nothing there or impossible: either is an answer.
    requests.tryRead(ByteBuffer.allocateDirect(8192), LAST_PAGE);
    requests.write(new byte[100], 0);
    assertEquals(100, requests.read(0, 4096).length);
  }

  @Test
  default void aFailureIsThatOfItsRequestAlone() throws IOException {
    byte[] content = Bytes.random(26, 4096);
    Path path = bench().file();
    IoQueue queue = bench().queue(bench().opened(path, OpenMode.WRITE), 3);
    queue.write(Bytes.direct(content), 0, 0);
    queue.write(ByteBuffer.allocateDirect(8192), LAST_PAGE, 1);
    queue.write(Bytes.direct(content), 4096, 2);
    boolean[] failed = new boolean[3];
    int reaped = queue.reap(3, (tag, transferred, why) -> failed[(int) tag] = why != null);
    assertEquals(3, reaped);
    assertArrayEquals(new boolean[] {false, true, false}, failed);
    byte[] expected = new byte[8192];
    System.arraycopy(content, 0, expected, 0, 4096);
    System.arraycopy(content, 0, expected, 4096, 4096);
    assertArrayEquals(expected, Files.readAllBytes(path));
  }

  @Test
  default void aFailureLeavesTheBufferAsItWas() throws IOException {
    Requests requests = bench().requests(bench().created());
    ByteBuffer buffer = Bytes.filled(8200, 7).position(8);
    requests.tryWrite(buffer, LAST_PAGE);
    assertEquals(8, buffer.position());
    assertEquals(8200, buffer.limit());
    assertArrayEquals(Bytes.of(Bytes.filled(8200, 7)), Bytes.of(buffer.clear()));
  }

  @Test
  default void anInterruptedThreadGetsWhatIsDeclared() throws IOException {
    byte[] content = Bytes.random(27, 8192);
    Path path = bench().file(content);
    Descriptor descriptor = bench().descriptor(path, StandardOpenOption.READ);
    StateFile file = bench().opened(bench().target(path, descriptor), OpenMode.READ, wanted());
    Requests requests = bench().requests(file);
    ByteBuffer buffer = ByteBuffer.allocateDirect(8192);
    Thread.currentThread().interrupt();
    IOException failure;
    try {
      failure = requests.tryRead(buffer, 0);
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt status stays set");
    }
    if (survivesInterrupt()) {
      assertEquals(null, failure);
      assertArrayEquals(content, Bytes.of(buffer));
    } else {
      assertInstanceOf(InterruptedIOException.class, failure);
    }
    assertTrue(descriptor.isOpen());
    assertArrayEquals(content, bench().requests(file).read(0, 8192));
  }
}
