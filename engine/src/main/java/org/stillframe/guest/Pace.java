/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * How fast a guest is saved, and whether it runs meanwhile. Immutable.
 *
 * @param maxBandwidth bytes per second; 0 for no limit
 * @param downtimeLimit empty if the guest is stopped first; else it runs while its RAM is saved,
 *     and again what it writes meanwhile, until QEMU thinks that the rest takes no longer than
 *     this, 1 ms to {@link #LONGEST}
 */
public record Pace(long maxBandwidth, Optional<Duration> downtimeLimit) {
  /** The longest time that QEMU takes. */
  public static final Duration LONGEST = Duration.ofSeconds(2000);

  /** Checks the ranges. */
  public Pace {
    Objects.requireNonNull(downtimeLimit, "downtimeLimit");
    if (maxBandwidth < 0) {
      throw new IllegalArgumentException("a bandwidth below 0: " + maxBandwidth);
    }
    if (downtimeLimit.filter(limit -> limit.toMillis() < 1).isPresent()
        || downtimeLimit.filter(limit -> limit.compareTo(LONGEST) > 0).isPresent()) {
      throw new IllegalArgumentException(
          "a downtime not from 1 ms to " + LONGEST.toSeconds() + " s: " + downtimeLimit.get());
    }
  }

  /** The most that QEMU is to think the guest will stand still, in milliseconds. */
  long downtimeMillis() {
    // So long that QEMU stops the guest at the first chance: RAM is then saved in one pass.
    return downtimeLimit.orElse(LONGEST).toMillis();
  }
}
