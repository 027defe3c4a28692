/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ResultTest {
  private static final Setting SETTING = new Setting("tape", false, Operation.WRITE, 4096, 1, 1);

  private static Measurement lasting(long seconds) {
    return new Measurement(
        6L << 30,
        Duration.ofSeconds(seconds),
        Duration.ofSeconds(1),
        Duration.ofMillis(1500),
        Duration.ofMillis(4500));
  }

  private static Result of(Integer... seconds) {
    return new Result(SETTING, Stream.of(seconds).map(ResultTest::lasting).toList());
  }

  @Test
  void theMedianIsARunThatWas() {
    assertEquals(lasting(5), of(5).median());
    assertEquals(lasting(5), of(9, 1, 5).median());
    assertEquals(lasting(6), of(6, 100, 2, 4).median(), "the slower of 4 and 6");
    assertEquals(lasting(2), of(6, 100, 2, 4).fastest());
    assertEquals(lasting(100), of(6, 100, 2, 4).slowest());
    assertThrows(IllegalArgumentException.class, () -> new Result(SETTING, List.of()));
  }

  @Test
  void rateAndProcessorTime() {
    Measurement run = lasting(3);
    assertEquals(2L << 30, run.rate());
    assertEquals(Duration.ofSeconds(6), run.processor());
    assertEquals(1.0, run.processorSecondsPerGibibyte());
  }

  @Test
  void aClockThatStandsStillGivesARateAllTheSame() {
    double rate = lasting(0).rate();
    assertTrue(rate > 0 && Double.isFinite(rate), "rate " + rate);
  }
}
