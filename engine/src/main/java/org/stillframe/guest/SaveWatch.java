/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;

/**
 * Looks at a guest while it is saved: how much is left, and when it was stopped. It sends QEMU no
 * command: while QEMU sends the RAM of the stopped guest it answers none, however long that takes.
 */
final class SaveWatch implements Supervision.Watch, MigrationEvents {
  private final Guest guest;
  private final LongSupplier expected;
  private final Supervision supervision;
  private Instant stoppedAt;
  private boolean ended;

  /** {@code expected} says how many bytes there will be; 0 while that is not known. */
  SaveWatch(Guest guest, LongSupplier expected, Supervision supervision) {
    this.guest = guest;
    this.expected = expected;
    this.supervision = supervision;
  }

  @Override
  public void look() throws StillframeException {
    drain(Duration.ZERO);
    long bytes = expected.getAsLong();
    if (bytes > 0) {
      supervision.expect(bytes);
    }
  }

  @Override
  public void drain(Duration time) throws StillframeException {
    Optional<GuestEvent> event = guest.awaitEvent(time);
    while (event.isPresent()) {
      if (event.get().name().equals("STOP")) {
        // We hear of it a moment later.
        stoppedAt = event.get().timestamp().orElseGet(Instant::now);
      }
      ended |= event.get().endsMigration();
      event = guest.awaitEvent(Duration.ZERO);
    }
  }

  @Override
  public boolean ended() {
    return ended;
  }

  Optional<Instant> stoppedAt() {
    return Optional.ofNullable(stoppedAt);
  }
}
