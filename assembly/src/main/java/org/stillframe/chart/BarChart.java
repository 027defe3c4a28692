/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.chart;

import java.util.List;
import java.util.Map;

/**
 * What a chart of horizontal bars shows. Immutable.
 *
 * @param title in large letters at the top
 * @param notes lines under it: what holds for all of it
 * @param unit of all values, for example {@code MiB/s}
 * @param series one colour each, by name, in the order of the legend
 * @param groups from the top to the bottom
 */
public record BarChart(
    String title, List<String> notes, String unit, List<String> series, List<Group> groups) {
  /** Copies the lists. */
  public BarChart {
    notes = List.copyOf(notes);
    series = List.copyOf(series);
    groups = List.copyOf(groups);
  }

  /**
   * Bars that belong together.
   *
   * @param bars by the name of their series; a series may be missing
   */
  public record Group(String label, Map<String, Bar> bars) {
    /** Copies the map. */
    public Group {
      bars = Map.copyOf(bars);
    }
  }

  /**
   * One bar, 0 or more, and the range that was seen, from low to high.
   *
   * @param low the same as high where there is no range
   */
  public record Bar(double value, double low, double high) {}

  /** The largest of all values. */
  double highest() {
    return groups.stream()
        .flatMap(group -> group.bars().values().stream())
        .mapToDouble(bar -> Math.max(bar.value(), bar.high()))
        .reduce(0, Math::max);
  }
}
