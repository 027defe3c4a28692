/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;

/** A moment until which to wait. */
final class Deadline {
  /** Longer times are cut to this: the clock's range has an end. */
  private static final Duration LONGEST = Duration.ofDays(365);

  private final long end;

  private Deadline(long end) {
    this.end = end;
  }

  /** That far from now; times below zero count as zero. */
  static Deadline after(Duration time) {
    Duration bounded = time.compareTo(LONGEST) > 0 ? LONGEST : time;
    return new Deadline(System.nanoTime() + (bounded.isNegative() ? 0 : bounded.toNanos()));
  }

  boolean passed() {
    return end - System.nanoTime() <= 0;
  }

  /** Milliseconds until then, rounded up, between 0 and {@code most}. */
  int millis(int most) {
    long left = end - System.nanoTime();
    return left <= 0 ? 0 : (int) Math.min(most, (left + 999_999) / 1_000_000);
  }
}
