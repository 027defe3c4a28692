/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;

/** Whatever goes wrong: the guest runs on, and the older image is what it was. */
class ManagerSaveFailureTest extends ManagerFixture {
  @BeforeEach
  void olderImage() throws Exception {
    Files.writeString(image, "older");
  }

  private <E extends Throwable> E fails(Class<E> type) throws Exception {
    return fails(type, request(), ProgressListener.NONE);
  }

  private <E extends Throwable> E fails(
      Class<E> type, SaveRequest.Builder request, ProgressListener listener) throws Exception {
    E e = assertThrows(type, () -> manager.save(request.replace(true).build(), listener));
    nothingIsLost();
    return e;
  }

  private void nothingIsLost() throws IOException {
    assertEquals("running", guest.status);
    assertEquals(List.of("vm1.image"), files());
    assertEquals("older", Files.readString(image));
    assertEquals("close", guest.calls.get(guest.calls.size() - 1));
    for (String call : guest.calls) {
      if (call.startsWith("put back")) {
        assertTrue(
            List.of("completed", "failed", "cancelled", "none")
                .contains(call.substring("put back after ".length())),
            "settings cannot be put back while a migration is under way: " + call);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"0, 1048576", "5242880, 5242880"})
  void aFullDiskEndsTheMigrationAndTheGuestRunsOn(long full, long failed) throws Exception {
    backend.full = full;
    StillframeException e = fails(StillframeException.class);
    assertEquals(ErrorCode.TARGET_FULL, e.code());
    assertEquals("file:" + image + " at byte " + failed + ", RAM block pc.ram", e.what());
    assertTrue(guest.calls.contains("cancel"));
  }

  @ParameterizedTest
  @CsvSource({
    "Cannot reserve 1048576 bytes of direct buffer memory, fewer channels",
    "Java heap space, -Xmx",
  })
  void tooLittleMemoryIsSaidInWordsAndTheGuestRunsOn(String words, String remedy) throws Exception {
    backend.whenSynced =
        () -> {
          throw new OutOfMemoryError(words);
        };
    RequestException e = fails(RequestException.class);
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    assertTrue(e.why().contains(words), e.why());
    assertTrue(e.remedy().contains(remedy), e.remedy());
  }

  @Test
  void aStreamThatIsCutIsDamaged() throws Exception {
    guest.stream = Arrays.copyOf(STREAM, STREAM.length - 1000);
    guest.outcome = "cancelled";
    DamagedException e = fails(DamagedException.class);
    assertTrue(e.getMessage().contains("" + guest.stream.length), e.getMessage());
  }

  @Test
  void whereQemuKnowsWhyTheStreamIsCutThatIsTold() throws Exception {
    guest.stream = Arrays.copyOf(STREAM, STREAM.length - 1000);
    guest.outcome = "failed";
    guest.error = Optional.of("device 'e1000' is on fire");
    GuestException e = fails(GuestException.class);
    assertEquals("device 'e1000' is on fire", e.why());
    assertInstanceOf(DamagedException.class, e.getCause());
  }

  @Test
  void aWholeStreamOfAMigrationThatFailedIsNoImage() throws Exception {
    guest.outcome = "failed";
    guest.error = Optional.of("no");
    assertEquals("no", fails(GuestException.class).why());
  }

  @Test
  void whatCannotBeSyncedIsNotSaved() throws Exception {
    backend.syncFails = true;
    StillframeException e = fails(StillframeException.class);
    assertEquals(ErrorCode.STORAGE, e.code());
    assertEquals("fsync: Input/output error (EIO)", e.why());
    assertTrue(guest.calls.contains("resume"));
  }

  @Test
  void whatTheBackendCannotCloseIsNotPublished() throws Exception {
    backend.closeFails = true;
    assertEquals("close: Input/output error (EIO)", fails(StillframeException.class).why());
  }

  @Test
  void theFirstFailureIsToldAndTheLaterOnesWithIt() throws Exception {
    backend.full = 0;
    backend.closeFails = true;
    StillframeException e = fails(StillframeException.class);
    assertEquals(ErrorCode.TARGET_FULL, e.code());
    assertEquals("close: Input/output error (EIO)", e.getSuppressed()[0].getMessage());
  }

  @Test
  void anImageThatCannotTakeItsPlaceLeavesTheGuestRunning() throws Exception {
    Files.delete(image);
    guest.whenPutBack =
        () -> {
          try {
            Files.writeString(image, "older");
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        };
    StillframeException e =
        assertThrows(StillframeException.class, () -> save(request().replace(false)));
    assertEquals(ErrorCode.TARGET_EXISTS, e.code());
    nothingIsLost();
  }

  @Test
  void aGuestThatStoodStillStaysSo() throws Exception {
    guest.status = "paused";
    backend.syncFails = true;
    assertThrows(StillframeException.class, () -> save(request().replace(true)));
    assertFalse(guest.calls.contains("resume"));
  }

  private Thread whenHeld(Runnable action) {
    guest.hold = true;
    Thread thread =
        new Thread(
            () -> {
              try {
                guest.held.await();
                action.run();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    thread.start();
    return thread;
  }

  @Test
  void cancellingTheManagerEndsASave() throws Exception {
    Thread other = whenHeld(manager::cancel);
    assertEquals(ErrorCode.CANCELLED, fails(CancelledException.class).code());
    other.join();
    guest.hold = false;
    guest.migration = "none";
    save(request().layout(Layout.STREAM).replace(true));
    assertArrayEquals(STREAM, Files.readAllBytes(image), "what begins later is not concerned");
  }

  @Test
  void aTokenCancelsItsRequest() throws Exception {
    CancelToken token = new CancelToken();
    Thread other = whenHeld(token::cancel);
    CancelledException e =
        fails(CancelledException.class, request().cancelToken(token), ProgressListener.NONE);
    other.join();
    assertEquals("save to file:" + image + ": cancelled", e.getMessage());
  }

  @Test
  void aDeadlineEndsASave() throws Exception {
    guest.hold = true;
    CancelledException e =
        fails(
            CancelledException.class,
            request().deadline(Duration.ofMillis(100)),
            ProgressListener.NONE);
    assertEquals(ErrorCode.DEADLINE_EXCEEDED, e.code());
  }

  @Test
  void anInterruptEndsASaveAndTheStatusIsKept() throws Exception {
    Thread waiting = Thread.currentThread();
    Thread other = whenHeld(waiting::interrupt);
    assertEquals(ErrorCode.CANCELLED, fails(CancelledException.class).code());
    assertTrue(Thread.interrupted());
    other.join();
  }

  @Test
  void anInterruptAfterTheGuestWasStoppedDoesNotLeaveItSo() throws Exception {
    backend.whenSynced = Thread.currentThread()::interrupt;
    assertEquals(ErrorCode.CANCELLED, fails(CancelledException.class).code());
    assertTrue(Thread.interrupted());
    assertTrue(guest.calls.contains("resume"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRANSFER", "SYNC"})
  void aListenerThatThrowsEndsTheSave(Phase phase) throws Exception {
    RuntimeException theirs = new IllegalStateException("the display is gone");
    RuntimeException e =
        fails(
            RuntimeException.class,
            request(),
            progress -> {
              if (progress.phase() == phase) {
                throw theirs;
              }
            });
    assertSame(theirs, e);
  }

  @Test
  void aGuestThatCannotRunOnIsToldWithTheFailure() throws Exception {
    backend.syncFails = true;
    backend.whenSynced = () -> guest.status = "gone";
    StillframeException e =
        assertThrows(StillframeException.class, () -> save(request().replace(true)));
    assertEquals(ErrorCode.STORAGE, e.code());
    assertEquals("monitor: it is gone", e.getSuppressed()[0].getMessage());
  }
}
