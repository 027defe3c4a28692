/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.util.List;
import java.util.SplittableRandom;

/** The orders of all plans of a backend, asked call by call. Thread-safe: it has no state. */
final class Faults {
  private static final int PIECES = 100;
  private static final int PARTS = 101;
  private static final int ORDER = 102;
  private static final int TEAR = 103;

  private final List<FaultPlan> plans;

  Faults(List<FaultPlan> plans) {
    this.plans = plans;
  }

  /**
   * What befalls the {@code nth} of an operation.
   *
   * @param offset where it is to move bytes, if it moves any
   * @param length how many
   */
  Verdict verdict(Operation operation, long nth, long offset, int length) {
    long delay = 0;
    boolean held = false;
    boolean cut = false;
    Errno errno = null;
    int after = 0;
    for (FaultPlan plan : plans) {
      for (Fault fault : plan.faults()) {
        if (fault instanceof Fault.Delay one && one.operation() == operation) {
          delay += one.duration().toNanos();
        } else if (fault instanceof Fault.Hold one) {
          held |= one.operation() == operation && one.nth() == nth;
        } else if (fault instanceof Fault.HoldAt one) {
          held |= one.holds(operation, offset, length);
        } else if (fault instanceof Fault.PowerCut one) {
          cut |= one.operation() == operation && one.nth() == nth;
        } else if (errno == null) {
          errno = failure(plan, fault, operation, nth);
          after = errno == null ? 0 : after(fault, nth, length);
        }
      }
    }
    return new Verdict(delay, held, cut, errno, after);
  }

  private static Errno failure(FaultPlan plan, Fault fault, Operation operation, long nth) {
    if (fault instanceof Fault.Fail one) {
      return one.operation() == operation && one.nth() == nth ? one.errno() : null;
    }
    if (fault instanceof Fault.FailAfter one) {
      return operation == Operation.WRITE && one.nth() == nth ? one.errno() : null;
    }
    if (fault instanceof Fault.FailOften one && one.operation() == operation) {
      return chance(plan, operation.ordinal(), nth).nextDouble() < one.rate() ? one.errno() : null;
    }
    return null;
  }

  private int after(Fault fault, long nth, int length) {
    if (fault instanceof Fault.FailAfter one) {
      return Math.min(one.bytes(), length);
    }
    FaultPlan shortened = planOf(Fault.Manner.SHORT_TRANSFERS);
    return shortened == null || length == 0 ? 0 : chance(shortened, PARTS, nth).nextInt(length);
  }

  /** How long the pieces of a transfer are; null if it goes in one. */
  SplittableRandom pieces(Operation operation, long nth) {
    FaultPlan plan = planOf(Fault.Manner.SHORT_TRANSFERS);
    return plan == null ? null : chance(plan, PIECES + 10 * (1 + operation.ordinal()), nth);
  }

  /** In which order a queue carries out its requests; null if in that of their submission. */
  SplittableRandom order(long queue) {
    FaultPlan plan = planOf(Fault.Manner.ASYNCHRONOUS);
    return plan == null ? null : chance(plan, ORDER, queue);
  }

  /** What stays after a power cut that tears; null if nothing does. */
  Tear tear(long cut) {
    for (FaultPlan plan : plans) {
      for (Fault fault : plan.faults()) {
        if (fault instanceof Fault.Torn torn) {
          return new Tear(chance(plan, TEAR, cut), torn.sector());
        }
      }
    }
    return null;
  }

  /** The first position where no file has room. */
  long limit() {
    long limit = Long.MAX_VALUE;
    for (FaultPlan plan : plans) {
      for (Fault fault : plan.faults()) {
        limit = fault instanceof Fault.Full full ? Math.min(limit, full.bytes()) : limit;
      }
    }
    return limit;
  }

  private FaultPlan planOf(Fault.Manner manner) {
    for (FaultPlan plan : plans) {
      if (plan.faults().contains(manner)) {
        return plan;
      }
    }
    return null;
  }

  /** Chance that depends on the seed, the use and the number alone, whoever comes first. */
  private static SplittableRandom chance(FaultPlan plan, int use, long nth) {
    long base = new SplittableRandom(plan.seed() * 31 + use).nextLong();
    return new SplittableRandom(base ^ (nth * 0xd1b54a32d192ed03L));
  }

  @Override
  public String toString() {
    return plans.toString();
  }
}
