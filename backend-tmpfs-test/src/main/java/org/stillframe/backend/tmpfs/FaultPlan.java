/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * What goes wrong, and when. Each method gives a plan with one order more; the text of a plan is
 * the code that makes it, seed included, so that a failing test can be repeated:
 *
 * <pre>{@code
 * FaultPlan.seeded(42).failWrite(3, Errno.EIO).shortTransfers()
 * }</pre>
 *
 * <p>The <i>n</i>th of an operation is counted from 1, over all files and queues of the backend;
 * reads and writes in the order of their submission. What is left to chance depends on the seed and
 * on that number alone. So a manager that uses one thread meets the same faults each time; one that
 * uses several meets them at the same numbers.
 *
 * <p>Immutable.
 */
public final class FaultPlan {
  private final long seed;
  private final List<Fault> faults;

  private FaultPlan(long seed, List<Fault> faults) {
    this.seed = seed;
    this.faults = faults;
  }

  /** A plan that orders nothing yet; {@code seed} decides what is left to chance. */
  public static FaultPlan seeded(long seed) {
    return new FaultPlan(seed, List.of());
  }

  /** As {@link #seeded}, with a seed that is new each time, and is seen in the plan's text. */
  public static FaultPlan random() {
    return seeded(new SplittableRandom().nextLong());
  }

  private FaultPlan with(Fault fault) {
    List<Fault> more = new ArrayList<>(faults);
    more.add(fault);
    return new FaultPlan(seed, List.copyOf(more));
  }

  private FaultPlan fail(Operation operation, long nth, Errno errno) {
    Objects.requireNonNull(errno, "errno");
    return with(new Fault.Fail(operation, ordinal(nth), errno));
  }

  /** The {@code nth} open fails; nothing is left open. */
  public FaultPlan failOpen(long nth, Errno errno) {
    return fail(Operation.OPEN, nth, errno);
  }

  /** The {@code nth} read fails. */
  public FaultPlan failRead(long nth, Errno errno) {
    return fail(Operation.READ, nth, errno);
  }

  /**
   * The {@code nth} write fails, and nothing of it is stored; with {@link #shortTransfers} some of
   * its first bytes may be.
   */
  public FaultPlan failWrite(long nth, Errno errno) {
    return fail(Operation.WRITE, nth, errno);
  }

  /** The {@code nth} write fails when {@code bytes} of it, or all that it has, are stored. */
  public FaultPlan failWriteAfter(long nth, int bytes, Errno errno) {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative number of bytes " + bytes);
    }
    Objects.requireNonNull(errno, "errno");
    return with(new Fault.FailAfter(ordinal(nth), bytes, errno));
  }

  /** The {@code nth} truncate fails; the size stays. */
  public FaultPlan failTruncate(long nth, Errno errno) {
    return fail(Operation.TRUNCATE, nth, errno);
  }

  /**
   * The {@code nth} sync fails. What was written since the one before is lost with a power cut,
   * <i>even if a later sync succeeds</i>, unless it was written again before: Linux forgets what it
   * could not store once it has told of it.
   */
  public FaultPlan failSync(long nth, Errno errno) {
    return fail(Operation.SYNC, nth, errno);
  }

  /** The {@code nth} close fails; the target is closed all the same. */
  public FaultPlan failClose(long nth, Errno errno) {
    return fail(Operation.CLOSE, nth, errno);
  }

  /**
   * Each of an operation fails with a probability.
   *
   * @param rate 0 to 1
   */
  public FaultPlan failOften(Operation operation, double rate, Errno errno) {
    if (!(rate >= 0 && rate <= 1)) {
      throw new IllegalArgumentException("rate " + rate + " is not within 0..1");
    }
    Objects.requireNonNull(errno, "errno");
    return with(new Fault.FailOften(Objects.requireNonNull(operation, "operation"), rate, errno));
  }

  /**
   * No file has room at or beyond a position: a write across it stores what fits and fails with
   * ENOSPC.
   */
  public FaultPlan fullAt(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("negative position " + bytes);
    }
    return with(new Fault.Full(bytes));
  }

  /** Each read and each write takes so much longer. */
  public FaultPlan delay(Duration duration) {
    return delay(Operation.READ, duration).delay(Operation.WRITE, duration);
  }

  /**
   * Each of an operation takes so much longer. The thread that waits does not hear of interrupts
   * meanwhile, as with a disk; its interrupt status stays set.
   */
  public FaultPlan delay(Operation operation, Duration duration) {
    if (duration.isNegative()) {
      throw new IllegalArgumentException("negative delay " + duration);
    }
    return with(new Fault.Delay(Objects.requireNonNull(operation, "operation"), duration));
  }

  /**
   * The {@code nth} of an operation hangs, as storage behind a broken cable does, until {@link
   * TmpfsTestBackend#letGo()}. With {@link TmpfsTestBackend#awaitHeld()} a test knows that a save
   * is in its midst, and need not sleep.
   */
  public FaultPlan hold(Operation operation, long nth) {
    return with(new Fault.Hold(Objects.requireNonNull(operation, "operation"), ordinal(nth)));
  }

  /**
   * As {@link #hold}, but each write that covers this byte of a file: so a test knows what is
   * written just then, however many writes come before.
   */
  public FaultPlan holdWritesAt(long position) {
    if (position < 0) {
      throw new IllegalArgumentException("negative position " + position);
    }
    return with(new Fault.HoldAt(position));
  }

  /** The power is cut during the {@code nth} write, see {@link TmpfsTestBackend#cutPower()}. */
  public FaultPlan powerCutAtWrite(long nth) {
    return with(new Fault.PowerCut(Operation.WRITE, ordinal(nth)));
  }

  /** The power is cut before the {@code nth} sync has kept anything. */
  public FaultPlan powerCutAtSync(long nth) {
    return with(new Fault.PowerCut(Operation.SYNC, ordinal(nth)));
  }

  /** The power is cut right after the {@code nth} close. */
  public FaultPlan powerCutAtClose(long nth) {
    return with(new Fault.PowerCut(Operation.CLOSE, ordinal(nth)));
  }

  /**
   * A power cut does not lose everything that was not synced: sectors of 512 bytes stay or go by
   * chance, and so does the size of the file.
   */
  public FaultPlan torn() {
    return torn(512);
  }

  /**
   * As {@link #torn()}, on a disk that stores more at once or nothing.
   *
   * @param sector a power of two from 512 to 4096, in bytes
   */
  public FaultPlan torn(int sector) {
    if (sector < 512 || sector > UndoJournal.BLOCK || Integer.bitCount(sector) != 1) {
      throw new IllegalArgumentException(
          "sector of " + sector + " bytes is not a power of two within 512..4096");
    }
    return with(new Fault.Torn(sector));
  }

  /**
   * Transfers go in several pieces, as where the system moves less than it was asked to. A request
   * completes whole all the same; the pieces are seen in {@link Call#pieces()}, other threads'
   * requests can come between them, and a request that fails has some of them done.
   */
  public FaultPlan shortTransfers() {
    return with(Fault.Manner.SHORT_TRANSFERS);
  }

  /**
   * Requests are carried out when they are reaped, not when they are submitted, and out of order;
   * so it is the thread that reaps which meets delays.
   */
  public FaultPlan asynchronous() {
    return with(Fault.Manner.ASYNCHRONOUS);
  }

  private static long ordinal(long nth) {
    if (nth < 1) {
      throw new IllegalArgumentException("counted from 1, not " + nth);
    }
    return nth;
  }

  /** What decides all that is left to chance. */
  public long seed() {
    return seed;
  }

  List<Fault> faults() {
    return faults;
  }

  /** The code that makes this plan, with its seed. */
  @Override
  public String toString() {
    return faults.stream()
        .map(Fault::toString)
        .collect(Collectors.joining("", "FaultPlan.seeded(" + seed + "L)", ""));
  }
}
