/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.Configuration;

/** The end of a migration into a QEMU, good or bad. Used by one thread. */
final class IncomingMigration implements Supervision.Watch, MigrationEvents {
  private static final Duration POLL = Duration.ofMillis(5);

  private final Guest guest;
  private final String machine;
  private final Supplier<Optional<Configuration>> configuration;
  private boolean ended;

  /** {@code configuration} is what was saved, as far as it is known by then. */
  IncomingMigration(Guest guest, Supplier<Optional<Configuration>> configuration)
      throws StillframeException {
    this.guest = guest;
    this.machine = guest.machine();
    this.configuration = configuration;
  }

  @Override
  public void look() throws StillframeException {
    drain(Duration.ZERO);
  }

  @Override
  public void drain(Duration time) throws StillframeException {
    Optional<GuestEvent> event = guest.awaitEvent(time);
    while (event.isPresent()) {
      ended |= event.get().endsMigration();
      event = guest.awaitEvent(Duration.ZERO);
    }
  }

  @Override
  public boolean ended() {
    return ended;
  }

  /** Waits until QEMU says that it has loaded all of it. */
  void awaitEnd(Supervision supervision) throws StillframeException {
    MigrationProgress migration = guest.migration();
    while (migration.isRunning()) {
      supervision.check();
      drain(POLL);
      migration = guest.migration();
    }
    if (!migration.status().equals("completed")) {
      throw refusal(words(migration), null);
    }
  }

  /** That QEMU reads no longer, or has ended, is a symptom: the reason is QEMU's. */
  GuestException explain(GuestException failure) {
    if (failure.code() == ErrorCode.INCOMPATIBLE) {
      return failure;
    }
    String words;
    try {
      MigrationProgress migration = guest.migration();
      if (!migration.status().equals("failed")) {
        return failure;
      }
      words = words(migration);
    } catch (GuestException e) {
      if (otherMachine().isEmpty()) {
        failure.addSuppressed(e);
        return failure;
      }
      words = "QEMU has ended while it loaded (" + e.why() + ")";
    } catch (StillframeException e) {
      failure.addSuppressed(e);
      return failure;
    }
    return refusal(words, failure);
  }

  private static String words(MigrationProgress migration) {
    return migration
        .errorDescription()
        .orElse("QEMU says '" + migration.status() + "' and gives no reason");
  }

  /** The machine of the image, if it is another than QEMU's. */
  private Optional<String> otherMachine() {
    return configuration.get().map(Configuration::machine).filter(saved -> !saved.equals(machine));
  }

  private GuestException refusal(String words, Exception symptom) {
    if (configuration.get().filter(Configuration::ignoresShared).isPresent()) {
      return new GuestException(
          ErrorCode.INCOMPATIBLE,
          "load into QEMU at " + guest.address(),
          words,
          "the image lacks RAM that was shared with others (capability x-ignore-shared was on);"
              + " save the guest again without",
          symptom);
    }
    return new GuestException(
        ErrorCode.INCOMPATIBLE,
        "load into QEMU at " + guest.address(),
        words,
        otherMachine()
            .map(saved -> "the image is of machine " + saved + " and this is " + machine + "; ")
            .orElse("")
            .concat(
                "start a new QEMU with -incoming defer and the options the guest was saved with;"
                    + " the old one's own messages may say more"),
        symptom);
  }
}
