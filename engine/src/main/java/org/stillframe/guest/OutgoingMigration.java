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
import org.stillframe.spi.SystemCallException;

/** The end of a migration out of a QEMU, good or bad. Used by one thread. */
final class OutgoingMigration {
  /** How long QEMU may take to end a migration whose stream has ended. */
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(20);

  private final Guest guest;
  private final boolean ran;
  private final Release release;

  /** Sees to it that QEMU does not wait for us, so that it can give up. */
  @FunctionalInterface
  interface Release {
    /** At once: QEMU may answer nothing before. */
    void begin() throws SystemCallException, StillframeException;

    /** Whether QEMU may be asked to cancel; otherwise it goes on to the end for nothing. */
    default boolean mayCancel() {
      return true;
    }

    /**
     * When QEMU has said that it has given up, and before its settings are touched; before it is
     * asked anything if it may not cancel.
     *
     * @param limit how long nothing may happen
     */
    default void await(Duration limit) throws StillframeException {}
  }

  /**
   * Sees to its end.
   *
   * @param ran whether the guest ran before it, and is to run on if it is given up
   */
  OutgoingMigration(Guest guest, boolean ran, Release release) {
    this.guest = guest;
    this.ran = ran;
    this.release = release;
  }

  /** Waits until QEMU says that the migration has ended. */
  void awaitEnd(SaveWatch watch, Supervision supervision) throws StillframeException {
    MigrationProgress migration = guest.migration();
    Deadline limit = Deadline.after(END_LIMIT);
    while (migration.isRunning()) {
      supervision.check();
      if (limit.passed()) {
        throw new GuestException(
            ErrorCode.GUEST,
            "migration of " + guest.address(),
            "it is still '" + migration.status() + "' although its stream has ended",
            "look at QEMU's own messages");
      }
      watch.drain(POLL);
      migration = guest.migration();
    }
    watch.drain(Duration.ZERO);
    if (!migration.status().equals("completed")) {
      throw refusal(migration, null);
    }
  }

  /** Fails if QEMU has given up. Asks QEMU: not for the time in which it sends. */
  void requireUnderWay() throws StillframeException {
    MigrationProgress migration = guest.migration();
    if (migration.isFinished()) {
      throw refusal(migration, null);
    }
  }

  private GuestException refusal(MigrationProgress migration, Throwable symptom) {
    return new GuestException(
        ErrorCode.GUEST,
        "migration of " + guest.address(),
        migration
            .errorDescription()
            .orElse("QEMU says '" + migration.status() + "' and gives no reason"),
        "look at QEMU's own messages",
        symptom);
  }

  /**
   * Ends the migration, and finds the reason to show: a stream that is cut is only a symptom if
   * QEMU has a reason of its own or is gone.
   *
   * @param symptom whether QEMU may have caused the failure by ending the stream
   * @return the reason, if it is another than the failure
   */
  Optional<GuestException> giveUp(Throwable failure, boolean symptom) {
    // An interrupt has had its effect; it must not keep us from waiting until QEMU has let go.
    boolean interrupted = Thread.interrupted();
    try {
      return end(failure, symptom);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private Optional<GuestException> end(Throwable failure, boolean symptom) {
    try {
      release.begin();
      if (release.mayCancel()) {
        guest.cancelMigration();
      } else {
        release.await(END_LIMIT);
      }
      MigrationProgress migration = guest.migration();
      Deadline limit = Deadline.after(END_LIMIT);
      while (migration.isRunning() && !limit.passed()) {
        guest.awaitEvent(POLL);
        migration = guest.migration();
      }
      release.await(END_LIMIT);
      if (ran && migration.status().equals("completed")) {
        // QEMU has sent all, and knows of no reason to let the guest run: storage may hang yet.
        guest.resume();
      }
      if (symptom && migration.status().equals("failed")) {
        return Optional.of(refusal(migration, failure));
      }
    } catch (GuestException e) {
      if (symptom) {
        return Optional.of(e);
      }
      failure.addSuppressed(e);
    } catch (SystemCallException | StillframeException e) {
      failure.addSuppressed(e);
    }
    return Optional.empty();
  }
}
