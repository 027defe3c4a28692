/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.chart;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleTest {
  @ParameterizedTest
  @CsvSource({
    "2344, 500, 5",
    "0.3, 0.05, 6",
    "8, 1, 8",
    "8.1, 2, 5",
    "100, 20, 5",
    "0, 0.2, 5",
    "1e9, 2e8, 5"
  })
  void stepsAreRound(double highest, double step, int steps) {
    Scale scale = new Scale(highest);
    assertEquals(step, scale.at(1), step * 1e-9);
    assertEquals(steps, scale.steps());
  }

  @ParameterizedTest
  @ValueSource(doubles = {1e-6, 0.07, 1, 9.99, 10, 10.01, 123456, 7e12})
  void theHighestIsWithin(double highest) {
    Scale scale = new Scale(highest);
    assertTrue(scale.end() >= highest * (1 - 1e-9), "ends at " + scale.end());
    assertTrue(scale.at(scale.steps() - 1) < highest, "a step too many: " + scale.end());
  }

  @Test
  void threeDigitsCount() {
    assertEquals("2344", Scale.text(2343.7));
    assertEquals("12.3", Scale.text(12.34));
    assertEquals("0.07", Scale.text(0.071));
    assertEquals("5", Scale.text(5));
  }
}
