/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;

/**
 * Watches over one piece of work from the thread that called for it: its cancellation, its
 * deadline, its progress. Used by that thread; the tokens are cancelled from any.
 */
public final class Supervision {
  /** How long a wait lasts before tokens and deadline are looked at again. */
  private static final Duration SLICE = Duration.ofMillis(50);

  private static final long REPORT_EVERY = Duration.ofMillis(100).toNanos();

  private final String work;
  private final CancelToken managers;
  private final CancelToken callers;
  private final Optional<Duration> deadline;
  private final ProgressListener listener;
  private final TransferCounter counter = new TransferCounter();
  private final long start = System.nanoTime();
  private long lastReport = start - REPORT_EVERY;
  private Optional<Phase> phase = Optional.empty();
  private OptionalLong total = OptionalLong.empty();

  /**
   * Begins to watch.
   *
   * @param work what messages call it, for example {@code save to file:/srv/a}
   * @param managers cancelled when everything is to stop
   * @param callers cancelled when this is to stop
   * @param deadline how long it may take from now
   */
  public Supervision(
      String work,
      CancelToken managers,
      CancelToken callers,
      Optional<Duration> deadline,
      ProgressListener listener) {
    this.work = work;
    this.managers = managers;
    this.callers = callers;
    this.deadline = deadline;
    this.listener = listener;
  }

  /** Where the channels count what they move. */
  public TransferCounter counter() {
    return counter;
  }

  /** Since the work began. */
  public Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Tells the listener that another phase has begun. */
  public void enter(Phase next) {
    phase = Optional.of(next);
    report();
  }

  /** Notes how many bytes there will be in all. */
  public void expect(long bytes) {
    total = OptionalLong.of(Math.max(bytes, counter.bytes()));
  }

  /**
   * Reports progress where it is due.
   *
   * @throws CancelledException if the work is cancelled, its thread interrupted, or its deadline
   *     has passed
   */
  public void check() throws CancelledException {
    if (managers.isCancelled() || callers.isCancelled()) {
      throw new CancelledException(ErrorCode.CANCELLED, work, "cancelled", "");
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(ErrorCode.CANCELLED, work, "the thread was interrupted", "");
    }
    if (deadline.isPresent() && elapsed().compareTo(deadline.get()) > 0) {
      throw new CancelledException(
          ErrorCode.DEADLINE_EXCEEDED,
          work,
          "not done within " + deadline.get().toMillis() / 1000.0 + " s",
          "allow more time, or look for what holds it up");
    }
    if (System.nanoTime() - lastReport >= REPORT_EVERY) {
      report();
    }
  }

  private void report() {
    lastReport = System.nanoTime();
    phase.ifPresent(now -> listener.progress(new Progress(now, counter.bytes(), total, elapsed())));
  }

  /** Something to look at while a run goes on. */
  @FunctionalInterface
  public interface Watch {
    /** Looks; a failure ends the wait. */
    void look() throws StillframeException;
  }

  /**
   * Waits for the end of a run, looking now and then at something else.
   *
   * @throws StillframeException of the run, of the watch, or as {@link #check} does
   */
  public void await(ChannelRun run, Watch watch) throws StillframeException {
    while (!run.await(SLICE)) {
      check();
      watch.look();
    }
    check();
  }

  /**
   * Runs channels to their end.
   *
   * @throws StillframeException of a channel, or as {@link #check} does
   */
  public void run(ChannelScheduler scheduler, String name, List<ChannelTask> tasks)
      throws StillframeException {
    try (ChannelRun run = scheduler.start(name, tasks)) {
      await(run, () -> {});
    }
  }
}
