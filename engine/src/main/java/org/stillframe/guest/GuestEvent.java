/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Instant;
import java.util.Optional;
import org.stillframe.error.GuestException;

/**
 * Something that QEMU told without being asked.
 *
 * @param name QEMU's name for it, such as {@code STOP}, {@code RESUME} or {@code MIGRATION}
 * @param timestamp when it happened, by QEMU's clock; empty where QEMU could not tell
 * @param status the member {@code status} of its data, which {@code MIGRATION} has (since 2.4, if
 *     the capability {@code events} is on): the words of {@link MigrationProgress#status}
 */
public record GuestEvent(String name, Optional<Instant> timestamp, Optional<String> status) {
  static GuestEvent of(QmpAnswer event) throws GuestException {
    Optional<QmpAnswer> timestamp = event.member("timestamp");
    Optional<QmpAnswer> data = event.member("data");
    Optional<QmpAnswer> status = data.isPresent() ? data.get().member("status") : Optional.empty();
    return new GuestEvent(
        event.text("event"),
        timestamp.isPresent() ? instant(timestamp.get()) : Optional.empty(),
        status.filter(QmpAnswer::isText).map(text -> text.value().getAsString()));
  }

  /** Whether it says that a migration has ended, well or not. */
  boolean endsMigration() {
    return name.equals("MIGRATION") && status.filter(MigrationProgress::isEnd).isPresent();
  }

  private static Optional<Instant> instant(QmpAnswer timestamp) throws GuestException {
    long seconds = timestamp.number("seconds");
    long micros = timestamp.number("microseconds");
    // QEMU sends -1 for both if it could not read its clock.
    if (seconds < 0 || seconds > Instant.MAX.getEpochSecond() || micros < 0 || micros > 999_999) {
      return Optional.empty();
    }
    return Optional.of(Instant.ofEpochSecond(seconds, micros * 1000));
  }
}
