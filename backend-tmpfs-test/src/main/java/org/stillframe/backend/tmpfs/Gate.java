/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.util.concurrent.TimeUnit;

/** Where calls are delayed or held. Thread-safe. */
final class Gate {
  private int held;
  private long released;

  /** Waits as a disk makes wait: interrupts are kept for later. */
  void pass(Verdict verdict) {
    boolean interrupted = false;
    long end = System.nanoTime() + verdict.delayNanos();
    for (long left = verdict.delayNanos(); left > 0; left = end - System.nanoTime()) {
      try {
        TimeUnit.NANOSECONDS.sleep(left);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (verdict.held()) {
      interrupted |= hold();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean hold() {
    boolean interrupted = false;
    long seen = released;
    held++;
    notifyAll();
    while (released == seen) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    return interrupted;
  }

  synchronized void awaitHeld() throws InterruptedException {
    while (held == 0) {
      wait();
    }
  }

  synchronized void letGo() {
    released++;
    held = 0;
    notifyAll();
  }
}
