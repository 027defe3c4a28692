/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.SystemCallException;

/** Each fault, alone. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class FaultTest {
  private static final FaultPlan PLAN = FaultPlan.seeded(3);
  private static final byte[] TEN = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};

  private static void assertError(String message, Errno errno, IOException failure) {
    assertEquals(message, failure.getMessage());
    assertEquals(errno.number(), ((SystemCallException) failure).errno());
  }

  @Test
  void theNthWriteFailsAndNoOther() throws IOException {
    try (Lab lab = new Lab(PLAN.failWrite(2, Errno.EIO))) {
      StateFile file = lab.open(OpenMode.WRITE);
      assertNull(lab.write(file, TEN, 0));
      assertError("pwrite: Input/output error (EIO)", Errno.EIO, lab.write(file, new byte[10], 0));
      assertEquals(0, lab.transferred);
      assertNull(lab.write(file, TEN, 10));
      assertArrayEquals(Arrays.copyOf(TEN, 10), Arrays.copyOf(lab.stored(), 10));
      assertEquals(20, file.size());
    }
  }

  @Test
  void aWriteFailsAfterSomeOfItsBytes() throws IOException {
    try (Lab lab = new Lab(PLAN.failWriteAfter(1, 4, Errno.EDQUOT))) {
      StateFile file = lab.open(OpenMode.WRITE);
      assertError("pwrite: Disk quota exceeded (EDQUOT)", Errno.EDQUOT, lab.write(file, TEN, 0));
      assertEquals(4, lab.transferred);
      assertArrayEquals(Arrays.copyOf(TEN, 4), lab.stored());
    }
  }

  @Test
  void theNthReadFails() throws IOException {
    try (Lab lab = new Lab(new TmpfsTestBackend(PLAN.failRead(1, Errno.ESTALE)), TEN)) {
      StateFile file = lab.open(OpenMode.READ);
      ByteBuffer buffer = ByteBuffer.allocateDirect(10);
      assertError("pread: Stale file handle (ESTALE)", Errno.ESTALE, lab.read(file, buffer, 0));
      assertNull(lab.read(file, buffer, 0));
      assertEquals(10, lab.transferred);
    }
  }

  @Test
  void anOpenFailsAndLeavesNothingOpen() throws IOException {
    try (Lab lab = new Lab(PLAN.failOpen(1, Errno.EACCES))) {
      IOException e = assertThrows(IOException.class, () -> lab.open(OpenMode.WRITE));
      assertError("open: Permission denied (EACCES)", Errno.EACCES, e);
      lab.storage.assertClean();
      lab.open(OpenMode.WRITE);
    }
  }

  @Test
  void aTruncateFailsAndTheSizeStays() throws IOException {
    try (Lab lab = new Lab(new TmpfsTestBackend(PLAN.failTruncate(1, Errno.EROFS)), TEN)) {
      StateFile file = lab.open(OpenMode.WRITE);
      IOException e = assertThrows(IOException.class, () -> file.truncate(3));
      assertError("ftruncate: Read-only file system (EROFS)", Errno.EROFS, e);
      assertArrayEquals(TEN, lab.stored());
    }
  }

  @Test
  void aCloseFailsAndIsDoneAllTheSame() throws IOException {
    try (Lab lab = new Lab(PLAN.failClose(1, Errno.EIO))) {
      StateFile file = lab.open(OpenMode.WRITE);
      IOException e = assertThrows(IOException.class, file::close);
      assertError("close: Input/output error (EIO)", Errno.EIO, e);
      file.close();
      lab.storage.assertClean();
    }
  }

  @Test
  void whatGoesBeyondTheEndOfTheStorageIsStoredAsFarAsItFits() throws IOException {
    try (Lab lab = new Lab(PLAN.fullAt(15))) {
      StateFile file = lab.open(OpenMode.WRITE);
      assertNull(lab.write(file, TEN, 5));
      assertError(
          "pwrite: No space left on device (ENOSPC)", Errno.ENOSPC, lab.write(file, TEN, 9));
      assertEquals(6, lab.transferred);
      assertEquals(15, file.size());
      lab.write(file, TEN, 15);
      assertEquals(0, lab.transferred);
      lab.write(file, TEN, 1L << 40);
      assertEquals(0, lab.transferred);
      assertEquals(15, file.size());
    }
  }

  @Test
  void transfersGoInPiecesAndAreWhole() throws IOException {
    byte[] content = new byte[100_000];
    Arrays.fill(content, (byte) 7);
    try (Lab lab = new Lab(PLAN.shortTransfers())) {
      StateFile file = lab.open(OpenMode.WRITE);
      assertNull(lab.write(file, content, 3));
      assertEquals(content.length, lab.transferred);
      ByteBuffer back = ByteBuffer.allocateDirect(content.length);
      assertNull(lab.read(file, back, 3));
      assertEquals(Lab.direct(content), back);
      for (Call call : lab.storage.calls()) {
        if (call.length() > 0) {
          assertTrue(call.pieces().size() > 1, call::toString);
          assertEquals(content.length, call.transferred(), call::toString);
        }
      }
    }
  }

  @Test
  void aShortTransferFailsInItsMidst() throws IOException {
    byte[] content = new byte[100_000];
    Arrays.fill(content, (byte) 7);
    try (Lab lab = new Lab(PLAN.shortTransfers().failWrite(1, Errno.EIO))) {
      StateFile file = lab.open(OpenMode.WRITE);
      assertEquals("pwrite: Input/output error (EIO)", lab.write(file, content, 0).getMessage());
      assertTrue(lab.transferred > 0 && lab.transferred < content.length);
      assertArrayEquals(Arrays.copyOf(content, lab.transferred), lab.stored());
    }
  }

  @Test
  void requestsAreCarriedOutWhenTheyAreReapedAndInAnyOrder() throws IOException {
    try (Lab lab = new Lab(PLAN.asynchronous())) {
      IoQueue queue = lab.bench.queue(lab.open(OpenMode.WRITE), 16);
      List<Long> submitted = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        queue.write(Lab.direct(TEN), i * 10L, i);
        submitted.add((long) i);
      }
      assertEquals(0, lab.stored().length);
      List<Long> reaped = new ArrayList<>();
      while (queue.inFlight() > 0) {
        queue.reap(1, (tag, moved, failure) -> reaped.add(tag));
      }
      assertFalse(submitted.equals(reaped), reaped::toString);
      reaped.sort(null);
      assertEquals(submitted, reaped);
      assertEquals(160, lab.stored().length);
    }
  }

  @Test
  void aDelayIsWaitedForAlsoByAnInterruptedThread() throws IOException {
    Duration delay = Duration.ofMillis(30);
    try (Lab lab = new Lab(PLAN.delay(delay))) {
      StateFile file = lab.open(OpenMode.WRITE);
      Thread.currentThread().interrupt();
      long begin = System.nanoTime();
      assertNull(lab.write(file, TEN, 0));
      assertTrue(Thread.interrupted(), "the interrupt status stays set");
      assertTrue(System.nanoTime() - begin >= delay.toNanos());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WRITE", "SYNC", "TRUNCATE"})
  void whatIsHeldHangsUntilItIsLetGo(Operation operation) throws Exception {
    try (Lab lab = new Lab(PLAN.hold(operation, 1))) {
      StateFile file = lab.open(OpenMode.WRITE);
      FutureTask<Object> work =
          new FutureTask<>(
              () -> {
                lab.write(file, TEN, 0);
                file.sync();
                file.truncate(5);
                return null;
              });
      Thread thread = new Thread(work, "held");
      thread.start();
      lab.storage.awaitHeld();
      thread.interrupt();
      assertTrue(lab.storage.calls(operation).isEmpty());
      lab.storage.letGo();
      work.get();
      assertEquals(1, lab.storage.calls(operation).size());
      assertEquals(5, lab.stored().length);
    }
  }

  @Test
  void aPlaceCanBeHeld() throws Exception {
    try (Lab lab = new Lab(PLAN.holdWritesAt(29))) {
      StateFile file = lab.open(OpenMode.WRITE);
      lab.write(file, TEN, 10);
      lab.write(file, TEN, 30);
      FutureTask<Object> work = new FutureTask<>(() -> lab.write(file, TEN, 20));
      new Thread(work, "held").start();
      lab.storage.awaitHeld();
      assertEquals(2, lab.storage.calls(Operation.WRITE).size());
      lab.storage.letGo();
      assertNull(work.get());
      assertEquals(40, lab.stored().length);
    }
  }

  @Test
  void theRecordTellsWhatWasAskedAndWhatCameOfIt() throws IOException {
    try (Lab lab = new Lab(PLAN.failWriteAfter(2, 3, Errno.EIO))) {
      StateFile file = lab.open(OpenMode.WRITE);
      lab.write(file, TEN, 20);
      lab.write(file, TEN, 30);
      file.truncate(40);
      file.sync();
      file.close();
      String target = "file:" + lab.path;
      assertEquals(
          List.of(
              "open 1 of " + target,
              "write 1 of " + target + ": 10 bytes at 20",
              "write 2 of "
                  + target
                  + ": 10 bytes at 30, 3 moved, pwrite: Input/output error (EIO)",
              "truncate 1 of " + target + " to 40 bytes",
              "sync 1 of " + target,
              "close 1 of " + target),
          lab.storage.calls().stream().map(Call::toString).toList());
      assertTrue(lab.storage.calls(Operation.WRITE).get(1).failed());
      assertThrows(UnsupportedOperationException.class, () -> lab.storage.calls().remove(0));
    }
  }
}
