/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(30)
class ThrottleTest {
  @AfterEach
  void clearInterrupt() {
    Thread.interrupted();
  }

  @ParameterizedTest
  @CsvSource({
    "0, 1048576, 1048576",
    "1, 1048576, 4096",
    "1, 100, 100",
    "1000000, 1048576, 100000",
    "1000000, 99999, 99999",
    "9223372036854775807, 1048576, 1048576"
  })
  void aPieceIsATenthOfASecondAndNeverTiny(long rate, int wanted, int piece) {
    assertEquals(piece, new Throttle(rate).piece(wanted));
  }

  @Test
  void withoutARateNothingWaitsNotEvenForAnInterrupt() throws Exception {
    Thread.currentThread().interrupt();
    new Throttle(0).moved(Long.MAX_VALUE);
    assertTrue(Thread.currentThread().isInterrupted());
  }

  @Test
  void aWaitEndsWithAnInterrupt() {
    Throttle throttle = new Throttle(1);
    Thread.currentThread().interrupt();
    // A thousand years would pass otherwise.
    assertThrows(InterruptedException.class, () -> throttle.moved(31_536_000_000L));
  }

  @Test
  void aRateBelowZeroIsAMistakeOfTheProgram() {
    assertThrows(IllegalArgumentException.class, () -> new Throttle(-1));
  }

  @Test
  void whatHasTimeEnoughDoesNotWait() throws Exception {
    Throttle throttle = new Throttle(Long.MAX_VALUE);
    for (int i = 0; i < 1_000_000; i++) {
      throttle.moved(1 << 20);
    }
  }
}
