/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import java.util.Optional;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;

/**
 * Sees to it that a guest stands still while its RAM is read: QEMU may have other monitors, by
 * which anybody can let it run, and what was read then belongs to no one moment. Used by one
 * thread.
 */
final class StillGuest implements Supervision.Watch {
  private final Guest guest;

  private StillGuest(Guest guest) {
    this.guest = guest;
  }

  /** Begins with a guest of which QEMU has just said that it stands still. */
  static StillGuest of(Guest guest) throws StillframeException {
    StillGuest still = new StillGuest(guest);
    boolean runs = false;
    Optional<GuestEvent> event = guest.awaitEvent(Duration.ZERO);
    while (event.isPresent()) {
      // Some of these may be older than what QEMU has said; then another has followed.
      runs = !isStop(event.get()) && (runs || isResume(event.get()));
      event = guest.awaitEvent(Duration.ZERO);
    }
    if (runs) {
      throw still.disturbed();
    }
    return still;
  }

  /**
   * Looks whether it was let run meanwhile.
   *
   * @throws GuestException if it was
   */
  @Override
  public void look() throws StillframeException {
    Optional<GuestEvent> event = guest.awaitEvent(Duration.ZERO);
    while (event.isPresent()) {
      if (isResume(event.get())) {
        throw disturbed();
      }
      event = guest.awaitEvent(Duration.ZERO);
    }
  }

  /** Makes sure that it was not let run until now. */
  void confirm() throws StillframeException {
    // All events until now come before the answer.
    if (guest.status().running()) {
      throw disturbed();
    }
    look();
  }

  private static boolean isStop(GuestEvent event) {
    return event.name().equals("STOP");
  }

  private static boolean isResume(GuestEvent event) {
    return event.name().equals("RESUME");
  }

  private GuestException disturbed() {
    return new GuestException(
        ErrorCode.GUEST,
        "guest at " + guest.address(),
        "somebody else let it run while its RAM was read",
        "save it again, and let nobody send QMP 'cont' meanwhile");
  }
}
