/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * What a process has used since its start, all its threads together.
 *
 * @param user processor time outside the kernel
 * @param system processor time in the kernel
 * @param peakResidentBytes the most memory it ever had resident
 */
public record ResourceUse(Duration user, Duration system, long peakResidentBytes) {
  // Positions in struct rusage, by getrusage(2).
  private static final int USER_TIME = 0;
  private static final int SYSTEM_TIME = 16;
  private static final int MAX_RESIDENT_KIB = 32;

  /** Outside the kernel and in it. */
  public Duration processorTime() {
    return user.plus(system);
  }

  static ResourceUse of(ByteBuffer usage) {
    return new ResourceUse(
        time(usage, USER_TIME), time(usage, SYSTEM_TIME), usage.getLong(MAX_RESIDENT_KIB) << 10);
  }

  private static Duration time(ByteBuffer usage, int position) {
    return Duration.ofSeconds(usage.getLong(position))
        .plus(usage.getLong(position + Long.BYTES), ChronoUnit.MICROS);
  }
}
