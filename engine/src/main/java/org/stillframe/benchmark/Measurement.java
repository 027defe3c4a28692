/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import java.time.Duration;

/**
 * One run, measured from its first request to the end of the fsync (write) or of the last request
 * (read). Opening, filling buffers and closing are not in it.
 *
 * @param bytes moved
 * @param time that passed in all
 * @param sync of it for the fsync; zero for a read
 * @param user processor time of this process outside the kernel
 * @param system processor time of this process in the kernel
 */
public record Measurement(
    long bytes, Duration time, Duration sync, Duration user, Duration system) {
  /** Bytes per second. */
  public double rate() {
    return bytes / seconds(time);
  }

  /** Processor time of this process. */
  public Duration processor() {
    return user.plus(system);
  }

  /** Seconds of processor time for each GiB. */
  public double processorSecondsPerGibibyte() {
    return processor().toNanos() / 1e9 / bytes * (1L << 30);
  }

  private static double seconds(Duration time) {
    // A clock that has not moved would make a rate that JSON cannot say.
    return Math.max(1, time.toNanos()) / 1e9;
  }
}
