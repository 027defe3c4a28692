/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.util.List;
import java.util.Locale;

/**
 * One call that a backend was asked for, and what came of it. Immutable; equal calls are those that
 * went the same way.
 *
 * @param operation what was asked for
 * @param nth counted from 1 over all calls of this operation; the number that a {@link FaultPlan}
 *     speaks of
 * @param target what messages call the target
 * @param offset where a read or write begins, in bytes; the new size of a truncate; else 0
 * @param length how many bytes a read or write is to move; else 0
 * @param pieces how many bytes each piece of a transfer moved; more than one with {@link
 *     FaultPlan#shortTransfers()}
 * @param failure the message that it failed with; empty if it did not
 */
public record Call(
    Operation operation,
    long nth,
    String target,
    long offset,
    int length,
    List<Integer> pieces,
    String failure) {
  /** Makes a call. */
  public Call {
    pieces = List.copyOf(pieces);
  }

  /** How many bytes were moved. */
  public int transferred() {
    return pieces.stream().mapToInt(Integer::intValue).sum();
  }

  /** Whether it failed. */
  public boolean failed() {
    return !failure.isEmpty();
  }

  /** For example {@code write 3 of file:/dev/shm/a: 4096 bytes at 8192}, and what is remarkable. */
  @Override
  public String toString() {
    String what =
        switch (operation) {
          case READ, WRITE -> ": " + length + " bytes at " + offset;
          case TRUNCATE -> " to " + offset + " bytes";
          default -> "";
        };
    boolean partial = transferred() != length;
    return operation.label().toLowerCase(Locale.ROOT)
        + " "
        + nth
        + " of "
        + target
        + what
        + (pieces.size() > 1 ? " in pieces of " + pieces : "")
        + (partial ? ", " + transferred() + " moved" : "")
        + (failed() ? ", " + failure : "");
  }
}
