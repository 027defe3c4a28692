/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts the calls, and remembers what came of them. Thread-safe. */
final class Recorder {
  private final Map<Operation, Long> counts = new EnumMap<>(Operation.class);
  private final List<Call> calls = new ArrayList<>();

  /** The number of a call that begins. */
  synchronized long next(Operation operation) {
    return counts.merge(operation, 1L, Long::sum);
  }

  synchronized void add(
      Operation operation,
      long nth,
      String target,
      long offset,
      int length,
      List<Integer> pieces,
      IOException failure) {
    String words = failure == null ? "" : String.valueOf(failure.getMessage());
    calls.add(new Call(operation, nth, target, offset, length, pieces, words));
  }

  synchronized List<Call> calls() {
    return List.copyOf(calls);
  }
}
