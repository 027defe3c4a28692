/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.chart;

import java.util.Locale;

/** The axis of a chart: from 0 to a round number, in some steps that are round numbers too. */
final class Scale {
  private static final int MOST_STEPS = 8;

  private final double step;
  private final int steps;

  /** A scale that holds values up to this. */
  Scale(double highest) {
    double all = highest > 0 ? highest : 1;
    double magnitude = Math.pow(10, Math.floor(Math.log10(all / MOST_STEPS)));
    double rough = all / MOST_STEPS / magnitude;
    step = (rough <= 1 ? 1 : rough <= 2 ? 2 : rough <= 5 ? 5 : 10) * magnitude;
    // 0.1 * 3 is a little more than 0.3: that is no reason for one more step.
    steps = Math.max(1, (int) Math.ceil(all / step - 1e-9));
  }

  int steps() {
    return steps;
  }

  /** The value at the nth step. */
  double at(int index) {
    return index * step;
  }

  double end() {
    return at(steps);
  }

  /** A value as people write it, with three digits that count or as many as it has. */
  static String text(double value) {
    String form =
        value >= 100 || value == Math.rint(value) ? "%.0f" : value >= 10 ? "%.1f" : "%.2f";
    return String.format(Locale.ROOT, form, value);
  }
}
