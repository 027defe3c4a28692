/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;

@Timeout(30)
class ThreadChannelSchedulerTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ChannelScheduler scheduler = new ThreadChannelScheduler();
  private final AtomicBoolean stopped = new AtomicBoolean();
  private final CountDownLatch waiting = new CountDownLatch(1);

  /** Waits for ever, until it is told to give up. */
  private void waitForInterrupt() throws StillframeException {
    waiting.countDown();
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      stopped.set(true);
      throw new CancelledException(ErrorCode.CANCELLED, "channel", "told to stop", "");
    }
  }

  private void awaitWaiting() {
    try {
      waiting.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void noThreadIsLeft() {
    assertEquals(
        List.of(),
        Thread.getAllStackTraces().keySet().stream()
            .filter(thread -> thread.getName().startsWith("stillframe-test-"))
            .filter(Thread::isAlive)
            .toList());
  }

  @Test
  void eachTaskRunsOnAThreadOfItsOwnAndAllMustEndWell() throws Exception {
    CountDownLatch together = new CountDownLatch(3);
    ChannelTask task =
        () -> {
          together.countDown();
          try {
            together.await();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        };
    try (ChannelRun run = scheduler.start("test", List.of(task, task, task))) {
      assertTrue(run.await(LONG));
      assertTrue(run.await(Duration.ZERO));
    }
  }

  @Test
  void whatHasNotEndedIsNotWaitedForLongerThanAsked() throws Exception {
    try (ChannelRun run = scheduler.start("test", List.of(this::waitForInterrupt))) {
      assertFalse(run.await(Duration.ofMillis(1)));
    }
    assertTrue(stopped.get());
  }

  @Test
  void theFirstFailureStopsTheOthersAndIsTheOneReported() {
    DamagedException first = new DamagedException("a", "torn", "");
    ChannelTask failing =
        () -> {
          awaitWaiting();
          throw first;
        };
    try (ChannelRun run =
        scheduler.start("test", List.of(this::waitForInterrupt, failing, () -> {}))) {
      assertSame(first, assertThrows(DamagedException.class, () -> run.await(LONG)));
      assertTrue(stopped.get(), "all have ended when the failure is thrown");
      assertSame(first, assertThrows(DamagedException.class, () -> run.await(LONG)));
    }
  }

  @Test
  void mistakesOfTheProgramPassThrough() {
    for (Throwable mistake :
        new Throwable[] {new IllegalStateException("oops"), new AssertionError("oops")}) {
      ChannelTask failing =
          () -> {
            if (mistake instanceof Error error) {
              throw error;
            }
            throw (RuntimeException) mistake;
          };
      try (ChannelRun run = scheduler.start("test", List.of(failing, this::waitForInterrupt))) {
        assertSame(mistake, assertThrows(mistake.getClass(), () -> run.await(LONG)));
      }
    }
  }

  @Test
  void closingStopsWhatRunsAndWaitsForIt() {
    ChannelRun run = scheduler.start("test", List.of(this::waitForInterrupt));
    awaitWaiting();
    run.close();
    assertTrue(stopped.get());
    run.close();
  }

  @Test
  void whoWaitsCanBeInterruptedAndStaysSo() throws Exception {
    AtomicReference<Throwable> outcome = new AtomicReference<>();
    AtomicBoolean status = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              try (ChannelRun run = scheduler.start("test", List.of(this::waitForInterrupt))) {
                run.await(LONG);
              } catch (StillframeException e) {
                outcome.set(e);
              }
              status.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    awaitWaiting();
    caller.interrupt();
    caller.join();
    assertEquals(ErrorCode.CANCELLED, ((CancelledException) outcome.get()).code());
    assertTrue(status.get(), "the interrupt status is kept");
    assertTrue(stopped.get());
  }

  @Test
  void closingInAnInterruptedThreadWaitsAllTheSame() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    ChannelTask reluctant =
        () -> {
          try {
            waitForInterrupt();
          } finally {
            ended.set(true);
          }
        };
    AtomicBoolean endedAtClose = new AtomicBoolean();
    AtomicBoolean status = new AtomicBoolean();
    Thread caller =
        new Thread(
            () -> {
              ChannelRun run = scheduler.start("test", List.of(reluctant));
              awaitWaiting();
              Thread.currentThread().interrupt();
              run.close();
              endedAtClose.set(ended.get());
              status.set(Thread.currentThread().isInterrupted());
            });
    caller.start();
    caller.join();
    assertTrue(endedAtClose.get());
    assertTrue(status.get());
  }

  @Test
  void aRunWithoutTasksHasEndedWell() throws Exception {
    try (ChannelRun run = scheduler.start("test", List.of())) {
      assertTrue(run.await(Duration.ZERO));
    }
  }
}
