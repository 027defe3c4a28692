/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;

/** Looks at a guest while it is saved: how much is left, and when it was stopped. */
final class SaveWatch implements Supervision.Watch {
  /** QEMU is asked no more often than this: the answer costs it time, too. */
  private static final long ASK_EVERY = Duration.ofMillis(200).toNanos();

  private final Guest guest;
  private final Supervision supervision;
  private Instant stoppedAt;
  private long lastAsked = System.nanoTime();

  SaveWatch(Guest guest, Supervision supervision) {
    this.guest = guest;
    this.supervision = supervision;
  }

  @Override
  public void look() throws StillframeException {
    drain(Duration.ZERO);
    if (System.nanoTime() - lastAsked < ASK_EVERY) {
      return;
    }
    lastAsked = System.nanoTime();
    MigrationProgress migration = guest.migration();
    if (migration.isRunning() && migration.totalBytes() > 0) {
      supervision.expect(supervision.counter().bytes() + migration.remainingBytes());
    }
  }

  /** Takes in the events that are there, waiting for the first no longer than the time. */
  void drain(Duration time) throws StillframeException {
    Optional<GuestEvent> event = guest.awaitEvent(time);
    while (event.isPresent()) {
      if (event.get().name().equals("STOP")) {
        stoppedAt = event.get().timestamp();
      }
      event = guest.awaitEvent(Duration.ZERO);
    }
  }

  Optional<Instant> stoppedAt() {
    return Optional.ofNullable(stoppedAt);
  }
}
