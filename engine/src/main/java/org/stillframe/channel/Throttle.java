/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

/**
 * Holds one channel back to a rate, counted from its first bytes. What was missed while the channel
 * waited for something else may be caught up, a second's worth at the most. Used by one thread.
 */
public final class Throttle {
  private static final long SECOND = 1_000_000_000L;

  private final long bytesPerSecond;
  private boolean begun;

  /** When the next bytes are due, in the time of {@link System#nanoTime}. */
  private long due;

  /**
   * Makes a throttle.
   *
   * @param bytesPerSecond at the most; 0 for no limit
   */
  public Throttle(long bytesPerSecond) {
    if (bytesPerSecond < 0) {
      throw new IllegalArgumentException("a rate below 0: " + bytesPerSecond);
    }
    this.bytesPerSecond = bytesPerSecond;
  }

  /** How many bytes to move at a time, so that the waits between them stay short. */
  public int piece(int wanted) {
    if (bytesPerSecond == 0) {
      return wanted;
    }
    return (int) Math.min(wanted, Math.max(4096, bytesPerSecond / 10));
  }

  /**
   * Waits until these bytes may have been moved.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  public void moved(long bytes) throws InterruptedException {
    if (bytesPerSecond == 0) {
      return;
    }
    long now = System.nanoTime();
    if (!begun) {
      begun = true;
      due = now;
    }
    // Before the sum: without a pause there is at most a second's worth of catching up.
    due = now - due > SECOND ? now - SECOND : due;
    due += (long) ((double) bytes / bytesPerSecond * SECOND);
    long left = due - now;
    if (left > 0) {
      Thread.sleep(left / 1_000_000, (int) (left % 1_000_000));
    }
  }
}
