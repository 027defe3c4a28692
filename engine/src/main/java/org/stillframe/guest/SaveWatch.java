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
import org.stillframe.image.ImageSink;

/**
 * Looks at a guest while it is saved: how much is left, and when it was stopped. It sends QEMU no
 * command: while QEMU sends the RAM of the stopped guest it answers none, however long that takes.
 */
final class SaveWatch implements Supervision.Watch {
  private final Guest guest;
  private final ImageSink sink;
  private final Supervision supervision;
  private Instant stoppedAt;

  SaveWatch(Guest guest, ImageSink sink, Supervision supervision) {
    this.guest = guest;
    this.sink = sink;
    this.supervision = supervision;
  }

  @Override
  public void look() throws StillframeException {
    drain(Duration.ZERO);
    if (sink.expectedBytes() > 0) {
      supervision.expect(sink.expectedBytes());
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
