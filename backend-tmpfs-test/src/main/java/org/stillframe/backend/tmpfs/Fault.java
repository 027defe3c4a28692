/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.time.Duration;

/** One thing that a plan orders. Its text is the call that orders it. */
sealed interface Fault {
  /** The {@code nth} of an operation fails. */
  record Fail(Operation operation, long nth, Errno errno) implements Fault {
    @Override
    public String toString() {
      return ".fail" + operation.label() + "(" + nth + ", " + errno + ")";
    }
  }

  /** A write fails after some of its bytes. */
  record FailAfter(long nth, int bytes, Errno errno) implements Fault {
    @Override
    public String toString() {
      return ".failWriteAfter(" + nth + ", " + bytes + ", " + errno + ")";
    }
  }

  /** Each of an operation fails with a probability. */
  record FailOften(Operation operation, double rate, Errno errno) implements Fault {
    @Override
    public String toString() {
      return ".failOften(" + operation + ", " + rate + ", " + errno + ")";
    }
  }

  /** No file has room beyond a position. */
  record Full(long bytes) implements Fault {
    @Override
    public String toString() {
      return ".fullAt(" + bytes + ")";
    }
  }

  /** Each of an operation takes longer. */
  record Delay(Operation operation, Duration duration) implements Fault {
    @Override
    public String toString() {
      return ".delay(" + operation + ", " + duration + ")";
    }
  }

  /** The {@code nth} of an operation hangs until it is let go. */
  record Hold(Operation operation, long nth) implements Fault {
    @Override
    public String toString() {
      return ".hold(" + operation + ", " + nth + ")";
    }
  }

  /** Each write across a position hangs until it is let go. */
  record HoldAt(long position) implements Fault {
    boolean holds(Operation operation, long offset, int length) {
      return operation == Operation.WRITE && offset <= position && position - offset < length;
    }

    @Override
    public String toString() {
      return ".holdWritesAt(" + position + ")";
    }
  }

  /** The power is cut at the {@code nth} of an operation. */
  record PowerCut(Operation operation, long nth) implements Fault {
    @Override
    public String toString() {
      return ".powerCutAt" + operation.label() + "(" + nth + ")";
    }
  }

  /** A power cut leaves whole sectors of what was not synced. */
  record Torn(int sector) implements Fault {
    @Override
    public String toString() {
      return ".torn(" + sector + ")";
    }
  }

  /** How all of it behaves. */
  enum Manner implements Fault {
    SHORT_TRANSFERS(".shortTransfers()"),
    ASYNCHRONOUS(".asynchronous()");

    private final String order;

    Manner(String order) {
      this.order = order;
    }

    @Override
    public String toString() {
      return order;
    }
  }
}
