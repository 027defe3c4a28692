/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.ResourceUse;
import org.stillframe.system.SystemCalls;

/**
 * Lets the queues of one run begin together, and measures until all have ended and what they wrote
 * is durable. Thread-safe.
 */
final class Stopwatch {
  /** What belongs to the run once every queue has ended: the fsync of a write. */
  @FunctionalInterface
  interface Ending {
    void run() throws IOException;
  }

  private final SystemCalls system;
  private final String name;
  private final CyclicBarrier begin;
  private final CyclicBarrier end;
  private volatile SystemCallException failure;
  private volatile ResourceUse before;
  private volatile ResourceUse after;
  private volatile long started;
  private volatile long moved;
  private volatile long stopped;

  /**
   * Makes a stopwatch for one run.
   *
   * @param name what messages call the target
   */
  Stopwatch(SystemCalls system, String name, int queues) {
    this.system = system;
    this.name = name;
    begin = new CyclicBarrier(queues, this::start);
    end = new CyclicBarrier(queues);
  }

  /** Waits until every queue is ready; the last one starts the clock. */
  void begin() throws CancelledException, SystemCallException {
    await(begin);
    if (failure != null) {
      throw failure;
    }
  }

  private void start() {
    try {
      before = system.resourceUse();
    } catch (SystemCallException e) {
      failure = e;
    }
    started = System.nanoTime();
  }

  /** Waits until every queue has ended; the last one does the rest and stops the clock. */
  void end(Ending rest) throws CancelledException, IOException {
    if (await(end) == 0) {
      moved = System.nanoTime();
      rest.run();
      stopped = System.nanoTime();
      after = system.resourceUse();
    }
  }

  private int await(CyclicBarrier barrier) throws CancelledException {
    try {
      return barrier.await();
    } catch (InterruptedException | BrokenBarrierException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException(
          ErrorCode.CANCELLED, name, "the benchmark was interrupted", "", e);
    }
  }

  /** What was measured; asked when every queue has ended well. */
  Measurement measurement(long bytes) {
    return new Measurement(
        bytes,
        Duration.ofNanos(stopped - started),
        Duration.ofNanos(stopped - moved),
        after.user().minus(before.user()),
        after.system().minus(before.system()));
  }
}
