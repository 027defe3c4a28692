/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.error.CancelledException;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;

@Timeout(30)
class SupervisionTest {
  private final CancelToken managers = new CancelToken();
  private final CancelToken callers = new CancelToken();
  private final List<Progress> heard = new ArrayList<>();

  private Supervision supervise(Optional<Duration> deadline, ProgressListener listener) {
    return new Supervision("save to file:/srv/a", managers, callers, deadline, listener);
  }

  private Supervision supervise() {
    return supervise(Optional.empty(), heard::add);
  }

  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  private static CancelledException stops(Supervision supervision) {
    return assertThrows(CancelledException.class, supervision::check);
  }

  @Test
  void eitherTokenCancels() throws Exception {
    Supervision supervision = supervise();
    supervision.check();
    callers.cancel();
    assertEquals("save to file:/srv/a: cancelled", stops(supervision).getMessage());
    assertEquals(ErrorCode.CANCELLED, stops(supervision).code());
    Supervision other =
        new Supervision("it", managers, new CancelToken(), Optional.empty(), heard::add);
    other.check();
    managers.cancel();
    assertEquals(ErrorCode.CANCELLED, stops(other).code());
  }

  @Test
  void anInterruptCancelsAndTheStatusIsKept() {
    Supervision supervision = supervise();
    Thread.currentThread().interrupt();
    assertEquals(ErrorCode.CANCELLED, stops(supervision).code());
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void aDeadlineThatHasPassedIsToldWithItsLength() throws Exception {
    supervise(Optional.of(Duration.ofDays(40_000)), heard::add).check();
    CancelledException e = stops(supervise(Optional.of(Duration.ofMillis(-1)), heard::add));
    assertEquals(ErrorCode.DEADLINE_EXCEEDED, e.code());
    assertTrue(e.why().contains("-0.001 s"), e.why());
  }

  @Test
  void everyPhaseIsReportedAtOnceAndChecksInBetweenAreNot() throws Exception {
    Supervision supervision = supervise();
    supervision.check();
    assertEquals(List.of(), heard, "there is no phase yet");
    supervision.enter(Phase.CONNECT);
    supervision.enter(Phase.TRANSFER);
    supervision.counter().add(10);
    supervision.expect(100);
    supervision.enter(Phase.SYNC);
    assertEquals(
        List.of(Phase.CONNECT, Phase.TRANSFER, Phase.SYNC),
        heard.stream().map(Progress::phase).toList());
    assertEquals(0, heard.get(1).bytes());
    assertEquals(10, heard.get(2).bytes());
    assertEquals(OptionalLong.empty(), heard.get(1).total());
    assertEquals(OptionalLong.of(100), heard.get(2).total());
    int checks = 100_000;
    for (int i = 0; i < checks; i++) {
      supervision.check();
    }
    assertTrue(heard.size() < checks / 10, "reports: " + heard.size());
  }

  @Test
  void progressGoesOnBeingReportedWhileARunGoesOn() throws Exception {
    Supervision supervision = supervise();
    supervision.enter(Phase.TRANSFER);
    ChannelRun run = mock(ChannelRun.class);
    when(run.await(any())).thenAnswer(call -> heard.size() >= 3);
    supervision.await(run, () -> {});
    assertEquals(3, heard.size());
  }

  @Test
  void theTotalIsNeverLessThanWhatHasMoved() {
    Supervision supervision = supervise();
    supervision.counter().add(500);
    supervision.expect(100);
    supervision.enter(Phase.TRANSFER);
    assertEquals(OptionalLong.of(500), heard.get(0).total());
  }

  @Test
  void whatTheListenerThrowsEndsTheWork() throws Exception {
    RuntimeException theirs = new IllegalStateException("the display is gone");
    Supervision supervision =
        supervise(
            Optional.empty(),
            progress -> {
              if (progress.phase() == Phase.SYNC || progress.bytes() > 0) {
                throw theirs;
              }
            });
    assertSame(theirs, assertThrows(RuntimeException.class, () -> supervision.enter(Phase.SYNC)));
    supervision.enter(Phase.TRANSFER);
    supervision.counter().add(1);
    ChannelRun endless = mock(ChannelRun.class);
    assertSame(
        theirs, assertThrows(RuntimeException.class, () -> supervision.await(endless, () -> {})));
  }

  @Test
  void theWatchLooksUntilTheRunHasEndedAndItsFailureEndsTheWait() throws Exception {
    ChannelRun run = mock(ChannelRun.class);
    when(run.await(any())).thenReturn(false, false, true);
    List<String> looks = new ArrayList<>();
    supervise().await(run, () -> looks.add("look"));
    assertEquals(2, looks.size());
    when(run.await(any())).thenReturn(false);
    DamagedException torn = new DamagedException("a", "torn", "");
    assertSame(
        torn,
        assertThrows(
            DamagedException.class,
            () ->
                supervise()
                    .await(
                        run,
                        () -> {
                          throw torn;
                        })));
  }

  @Test
  void aRunThatEndsAsItIsCancelledCountsAsCancelled() throws Exception {
    ChannelRun run = mock(ChannelRun.class);
    when(run.await(any()))
        .thenAnswer(
            call -> {
              callers.cancel();
              return true;
            });
    assertThrows(CancelledException.class, () -> supervise().await(run, () -> {}));
  }
}
