/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** What was left open or done wrong is told with its place. */
class FindingTest {
  private static final IoQueue.Completion IGNORED = (tag, moved, failure) -> {};

  private Lab lab;
  private StateFile file;
  private IoQueue queue;

  @BeforeEach
  void setUp() throws IOException {
    open(FaultPlan.seeded(1));
  }

  private void open(FaultPlan plan) throws IOException {
    lab = new Lab(plan);
    file = lab.open(OpenMode.WRITE);
    queue = lab.bench.queue(file, 4);
  }

  @AfterEach
  void tearDown() throws IOException {
    lab.close();
  }

  private List<Finding.Kind> kinds() {
    return lab.storage.findings().stream().map(Finding::kind).toList();
  }

  private void closeBoth() throws IOException {
    queue.close();
    file.close();
  }

  @Test
  void whoClosesEverythingIsClean() throws IOException {
    queue.write(ByteBuffer.allocateDirect(100), 0, 1);
    queue.write(ByteBuffer.allocateDirect(100), 100, 1);
    queue.reap(2, IGNORED);
    closeBoth();
    assertEquals(List.of(), lab.storage.findings());
    lab.storage.assertClean();
  }

  @Test
  void whatIsOpenIsToldWithThePlaceWhereItWasOpened() {
    assertEquals(List.of(Finding.Kind.FILE_LEFT_OPEN, Finding.Kind.QUEUE_LEFT_OPEN), kinds());
    AssertionError e = assertThrows(AssertionError.class, () -> lab.storage.assertClean());
    assertTrue(e.getMessage().contains("FILE_LEFT_OPEN: file:" + lab.path), e.getMessage());
    assertTrue(e.getMessage().contains("FaultPlan.seeded(1L)"), e.getMessage());
    boolean place = false;
    for (StackTraceElement frame : e.getSuppressed()[0].getStackTrace()) {
      place |= frame.getClassName().equals(getClass().getName());
    }
    assertTrue(place, "the stack of the opening");
    lab.storage.assertClean(Finding.Kind.FILE_LEFT_OPEN, Finding.Kind.QUEUE_LEFT_OPEN);
  }

  @Test
  void aFileIsNotClosedBeforeItsQueues() throws IOException {
    file.close();
    queue.close();
    assertEquals(List.of(Finding.Kind.FILE_CLOSED_BEFORE_QUEUE), kinds());
  }

  @Test
  void writesAreReapedBeforeTheQueueIsClosed() throws IOException {
    queue.write(ByteBuffer.allocateDirect(100), 0, 1);
    queue.read(ByteBuffer.allocateDirect(100), 500, 2);
    closeBoth();
    assertTrue(lab.storage.findings().get(0).what().startsWith("1 when the queue was closed"));
    assertEquals(List.of(Finding.Kind.WRITE_NOT_REAPED), kinds());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoGivesUpMayDropTheRest(boolean interrupted) throws IOException {
    tearDown();
    open(FaultPlan.seeded(1).failWrite(1, Errno.EIO));
    queue.write(ByteBuffer.allocateDirect(100), 0, 1);
    if (!interrupted) {
      queue.reap(1, IGNORED);
      queue.write(ByteBuffer.allocateDirect(100), 0, 2);
    } else {
      Thread.currentThread().interrupt();
    }
    queue.close();
    assertEquals(interrupted, Thread.interrupted());
    file.close();
    assertEquals(List.of(), kinds());
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aBufferIsLeftAloneWhileItsRequestIsInFlight(boolean asynchronous) throws IOException {
    if (asynchronous) {
      tearDown();
      open(FaultPlan.seeded(1).asynchronous());
    }
    ByteBuffer buffer = ByteBuffer.allocateDirect(100);
    queue.write(buffer, 0, 1);
    buffer.put(50, (byte) 1);
    queue.reap(1, IGNORED);
    closeBoth();
    assertEquals(List.of(Finding.Kind.BUFFER_CHANGED), kinds());
  }

  @Test
  void aBufferThatIsReadIntoIsLeftAloneToo() throws IOException {
    lab.write(file, new byte[100], 0);
    ByteBuffer buffer = ByteBuffer.allocateDirect(100);
    queue.read(buffer, 0, 1);
    buffer.put(50, (byte) 1);
    queue.reap(1, IGNORED);
    closeBoth();
    assertEquals(List.of(Finding.Kind.BUFFER_CHANGED), kinds());
  }

  @Test
  void requestsInFlightDoNotOverlapUnlessAllAreReads() throws IOException {
    queue.read(ByteBuffer.allocateDirect(100), 0, 1);
    queue.read(ByteBuffer.allocateDirect(100), 50, 2);
    queue.write(ByteBuffer.allocateDirect(100), 150, 3);
    assertTrue(!kinds().contains(Finding.Kind.REQUESTS_OVERLAP));
    queue.write(ByteBuffer.allocateDirect(100), 249, 4);
    queue.reap(4, IGNORED);
    closeBoth();
    assertEquals(List.of(Finding.Kind.REQUESTS_OVERLAP), kinds());
    String text = lab.storage.findings().get(0).toString();
    assertTrue(text.contains("write 1 (100 bytes at 150) and write 2 (100 bytes at 249)"), text);
    assertTrue(text.contains(", at " + getClass().getName()), text);
  }

  @Test
  void aQueueIsUsedByOneThread() throws Exception {
    queue.write(ByteBuffer.allocateDirect(100), 0, 1);
    FutureTask<Object> other = new FutureTask<>(() -> queue.reap(1, IGNORED));
    Thread thread = new Thread(other, "other");
    thread.start();
    other.get();
    closeBoth();
    assertEquals(List.of(Finding.Kind.QUEUE_SHARED), kinds());
  }
}
