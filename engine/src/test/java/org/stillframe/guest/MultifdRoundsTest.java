/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.ThreadChannelScheduler;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;

@Timeout(30)
class MultifdRoundsTest {
  private static final int CHANNELS = 3;

  private final MultifdRounds rounds = new MultifdRounds(CHANNELS);
  private final List<ChannelTask> tasks = new ArrayList<>();

  @Test
  void nobodyGoesOnBeforeAllAreThere() throws Exception {
    int count = 2000;
    AtomicIntegerArray reached = new AtomicIntegerArray(CHANNELS);
    AtomicInteger flushed = new AtomicInteger();
    AtomicInteger early = new AtomicInteger();
    for (int i = 0; i < CHANNELS; i++) {
      int channel = i;
      tasks.add(
          () -> {
            for (int round = 1; round <= count; round++) {
              reached.set(channel, round);
              rounds.sync(channel);
              early.addAndGet(flushed.get() < round ? 1 : 0);
              for (int other = 0; other < CHANNELS; other++) {
                early.addAndGet(reached.get(other) < round ? 1 : 0);
              }
            }
            rounds.leave(channel, false);
          });
    }
    tasks.add(
        () -> {
          for (int round = 1; round <= count; round++) {
            flushed.set(round);
            rounds.flush();
            for (int other = 0; other < CHANNELS; other++) {
              early.addAndGet(reached.get(other) < round ? 1 : 0);
            }
          }
          rounds.end();
        });
    run();
    assertEquals(0, early.get());
  }

  @Test
  void aChannelThatEndsTooEarlyIsNamed() {
    tasks.add(rounds::flush);
    tasks.add(() -> rounds.sync(0));
    tasks.add(() -> rounds.leave(1, false));
    tasks.add(() -> rounds.sync(2));
    refused("multifd channel 1", "ended after 0 synchronisations, and the main stream calls for 1");
  }

  @Test
  void aChannelThatSynchronisesTooOftenIsNamed() {
    tasks.add(rounds::end);
    tasks.add(() -> rounds.sync(2));
    refused("multifd channel 2", "synchronised 1 times, and the main stream calls for 0");
  }

  @Test
  void pagesThatNoSynchronisationFollowsAreRefused() {
    tasks.add(rounds::end);
    tasks.add(() -> rounds.leave(0, true));
    refused("multifd channel 0", "pages that no synchronisation follows");
  }

  @Test
  void theFirstFailureEndsWhoeverWaits() {
    tasks.add(rounds::flush);
    tasks.add(() -> rounds.sync(0));
    tasks.add(() -> rounds.leave(1, false));
    tasks.add(rounds::awaitGuest);
    tasks.add(
        () -> {
          throw new GuestException(ErrorCode.GUEST, "here", "the first", "");
        });
    StillframeException e = assertThrows(StillframeException.class, this::run);
    // Which of two failures is first is the scheduler's to say; that all end is what counts.
    assertTrue(e.why().equals("the first") || e instanceof DamagedException, e.getMessage());
  }

  private void refused(String what, String why) {
    DamagedException e = assertThrows(DamagedException.class, this::run);
    assertEquals(what, e.what());
    assertTrue(e.why().contains(why), e.why());
  }

  private void run() throws StillframeException {
    try (ChannelRun run = new ThreadChannelScheduler().start("test", tasks)) {
      while (!run.await(Duration.ofSeconds(1))) {
        // The time-out of the test is what ends this.
      }
    }
  }
}
