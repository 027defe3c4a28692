/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;

/**
 * Says how long to wait for a QEMU that connects its channels. A cancellation is not heard: it is
 * soon done, and QEMU is better not disturbed in it. Used by one thread.
 */
final class MultifdConnectLimit {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Guest guest;
  private final OutgoingMigration migration;
  private final Deadline deadline = Deadline.after(LIMIT);

  MultifdConnectLimit(Guest guest, OutgoingMigration migration) {
    this.guest = guest;
    this.migration = migration;
  }

  /** While it connects it answers, and tells if it has given up. */
  void connecting() throws StillframeException {
    sorting();
    try {
      migration.requireUnderWay();
    } catch (CancelledException e) {
      // Whoever cancels does so still when all have connected.
      return;
    }
  }

  /** When all have connected only the time counts. */
  void sorting() throws GuestException {
    if (deadline.passed()) {
      throw new GuestException(
          ErrorCode.GUEST,
          "migration of " + guest.address(),
          "QEMU has not connected all its channels within " + LIMIT.toSeconds() + " s",
          "look at QEMU's own messages");
    }
  }
}
