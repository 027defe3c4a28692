/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;

/** Events of one migration, taken in as they come. Used by one thread. */
interface MigrationEvents {
  /** How long one wait for an event lasts. */
  Duration SLICE = Duration.ofMillis(50);

  /** How long no event may come before QEMU is asked. */
  Duration ASK_AFTER = Duration.ofSeconds(5);

  /** Takes in the events that are there, waiting for the first no longer than the time. */
  void drain(Duration time) throws StillframeException;

  /** Whether an event said that the migration has ended, well or not. */
  boolean ended();

  /**
   * Waits for the end where QEMU moves RAM itself. It then answers no command, for as long as that
   * takes: so that no answer comes is no failure here.
   *
   * @param watch is looked at some times a second; what it throws ends the wait
   */
  default void awaitQuietly(Guest guest, Supervision.Watch watch) throws StillframeException {
    long last = System.nanoTime();
    while (!ended()) {
      watch.look();
      drain(SLICE);
      if (!ended() && System.nanoTime() - last > ASK_AFTER.toNanos()) {
        try {
          if (guest.migration().isFinished()) {
            return;
          }
        } catch (QmpSilence e) {
          // It is at it: an end of the connection would have been told.
        }
        last = System.nanoTime();
      }
    }
  }
}
