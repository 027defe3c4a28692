/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import java.util.Comparator;
import java.util.List;

/**
 * What was measured with one setting.
 *
 * @param runs in the order in which they were made, one or more
 */
public record Result(Setting setting, List<Measurement> runs) {
  /** Copies the list. */
  public Result {
    runs = List.copyOf(runs);
    if (runs.isEmpty()) {
      throw new IllegalArgumentException("no run of " + setting);
    }
  }

  /** The run of median time; of an even number of runs, the slower of the two in the middle. */
  public Measurement median() {
    return sorted().get(runs.size() / 2);
  }

  /** The run that took the longest. */
  public Measurement slowest() {
    return sorted().get(runs.size() - 1);
  }

  /** The run that took the shortest. */
  public Measurement fastest() {
    return sorted().get(0);
  }

  private List<Measurement> sorted() {
    return runs.stream().sorted(Comparator.comparing(Measurement::time)).toList();
  }
}
