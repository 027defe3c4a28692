/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.stillframe.error.GuestException;

/**
 * How far a migration is, as {@code query-migrate} says (since 0.14). Numbers are 0 where QEMU
 * reports none: before the first migration, on the receiving side, and early in the set-up.
 *
 * @param status QEMU's MigrationStatus, such as {@code setup}, {@code active}, {@code device},
 *     {@code completed}, {@code failed} or {@code cancelled}; {@code none} where QEMU gives none
 * @param transferredBytes bytes of the stream sent so far
 * @param totalBytes RAM that is to be saved, in bytes
 * @param remainingBytes RAM that is still to be sent, in bytes
 * @param duplicatePages pages sent without their content, being all of one byte
 * @param normalPages pages sent with their content
 * @param totalMillis since the start of the migration (since 1.2)
 * @param downtimeMillis how long the guest stood still, known once it is completed (since 1.3)
 * @param errorDescription why it failed, in QEMU's words (since 2.7)
 * @param blockedReasons why this guest cannot be migrated now, in QEMU's words (since 6.0); empty
 *     if nothing is known to stand in the way
 */
public record MigrationProgress(
    String status,
    long transferredBytes,
    long totalBytes,
    long remainingBytes,
    long duplicatePages,
    long normalPages,
    long totalMillis,
    long downtimeMillis,
    Optional<String> errorDescription,
    List<String> blockedReasons) {
  private static final Set<String> FINISHED = Set.of("completed", "failed", "cancelled");

  /** Keeps a copy of the list. */
  public MigrationProgress {
    blockedReasons = List.copyOf(blockedReasons);
  }

  static MigrationProgress of(QmpAnswer answer) throws GuestException {
    Optional<QmpAnswer> status = answer.member("status");
    Optional<QmpAnswer> ram = answer.member("ram");
    Optional<QmpAnswer> error = answer.member("error-desc");
    Optional<QmpAnswer> blocked = answer.member("blocked-reasons");
    List<String> reasons = new ArrayList<>();
    for (QmpAnswer reason : blocked.isPresent() ? blocked.get().list() : List.<QmpAnswer>of()) {
      reasons.add(reason.text());
    }
    return new MigrationProgress(
        status.isPresent() ? status.get().text() : "none",
        ram.isPresent() ? ram.get().number("transferred") : 0,
        ram.isPresent() ? ram.get().number("total") : 0,
        ram.isPresent() ? ram.get().number("remaining") : 0,
        ram.isPresent() ? ram.get().number("duplicate") : 0,
        ram.isPresent() ? ram.get().number("normal") : 0,
        answer.number("total-time"),
        answer.number("downtime"),
        error.isPresent() ? Optional.of(error.get().text()) : Optional.empty(),
        reasons);
  }

  /** Whether one is under way. A status that is not known here counts as under way. */
  public boolean isRunning() {
    return !isFinished() && !status.equals("none");
  }

  /** Whether the last one has ended, well or not. */
  public boolean isFinished() {
    return isEnd(status);
  }

  static boolean isEnd(String status) {
    return FINISHED.contains(status);
  }
}
