/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.GuestStatus;
import org.stillframe.guest.MigrationProgress;

/** Sees to it that a guest is fit to be saved, and that a failed save costs it nothing. */
final class GuestKeeper {
  private final Guest guest;
  private final GuestStatus before;

  private GuestKeeper(Guest guest, GuestStatus before) {
    this.guest = guest;
    this.before = before;
  }

  /**
   * Looks at a guest before anything is touched.
   *
   * @throws GuestException if it cannot be saved, with the reason
   */
  static GuestKeeper of(Guest guest) throws StillframeException {
    String where = guest.address().toString();
    MigrationProgress migration = guest.migration();
    if (!migration.blockedReasons().isEmpty()) {
      throw new GuestException(
          ErrorCode.GUEST,
          "guest at " + where,
          "QEMU cannot migrate it: " + String.join("; ", migration.blockedReasons()),
          "remove what blocks it from the guest");
    }
    if (migration.isRunning()) {
      throw new GuestException(
          ErrorCode.GUEST,
          "guest at " + where,
          "it is being saved or migrated already (" + migration.status() + ")",
          "wait until that has ended");
    }
    GuestStatus status = guest.status();
    switch (status.name()) {
      case "postmigrate" ->
          throw new GuestException(
              ErrorCode.GUEST,
              "guest at " + where,
              "it was saved or migrated already and stands still since (postmigrate)",
              "let it run on with QMP 'cont' before it is saved again, or end it");
      case "inmigrate" ->
          throw new GuestException(
              ErrorCode.GUEST,
              "guest at " + where,
              "its QEMU waits for an incoming migration (inmigrate)",
              "restore an image into it first");
      default -> {}
    }
    return new GuestKeeper(guest, status);
  }

  /** Whether the guest ran. */
  boolean ran() {
    return before.running();
  }

  /**
   * Lets the guest run on if it ran and stands still now; what fails is added to the failure. May
   * be called again.
   */
  void putBack(Throwable failure) {
    try {
      GuestStatus now = guest.status();
      if (now.running()) {
        return;
      }
      if (!ran()) {
        noteLeftOver(now, failure);
        return;
      }
    } catch (StillframeException e) {
      failure.addSuppressed(e);
      if (!ran()) {
        return;
      }
      // The thread is interrupted, for example. A guest that runs is not harmed by what follows.
    }
    try {
      guest.resume();
    } catch (StillframeException e) {
      failure.addSuppressed(e);
    }
  }

  /** QEMU knows no way back to paused from there but through running, which was not asked for. */
  private void noteLeftOver(GuestStatus now, Throwable failure) {
    if (now.name().equals("postmigrate") && failure.getSuppressed().length == 0) {
      failure.addSuppressed(
          new GuestException(
              ErrorCode.GUEST,
              "guest at " + guest.address(),
              "it was paused, and is now '" + now.name() + "'",
              "QMP 'cont' lets it run; only then it can be saved again"));
    }
  }
}
