/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AppraisalTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 99, 100})
  void ranksFrom0To100AreTaken(int rank) {
    Appraisal appraisal = Appraisal.accepted(rank, "it is fast");
    assertTrue(appraisal.isAccepted());
    assertEquals(rank, appraisal.rank());
    assertEquals("accepted (rank " + rank + "): it is fast", appraisal.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {Integer.MIN_VALUE, -1, 101, Integer.MAX_VALUE})
  void otherRanksAreNot(int rank) {
    assertThrows(IllegalArgumentException.class, () -> Appraisal.accepted(rank, "it is fast"));
  }

  @Test
  void aRefusalHasItsReasonAndNoRank() {
    Appraisal appraisal = Appraisal.refused("it is a socket");
    assertFalse(appraisal.isAccepted());
    assertEquals(0, appraisal.rank());
    assertEquals("it is a socket", appraisal.reason());
    assertEquals("refused: it is a socket", appraisal.toString());
  }

  @Test
  void whatServesOnlyByNameIsAcceptedAndHasNoRank() {
    Appraisal appraisal = Appraisal.onlyByName("it is for tests");
    assertTrue(appraisal.isAccepted());
    assertFalse(appraisal.isAutomatic());
    assertTrue(Appraisal.accepted(0, "it is slow").isAutomatic());
    assertEquals(0, appraisal.rank());
    assertEquals("only by name: it is for tests", appraisal.toString());
  }

  @Test
  void aReasonIsNeeded() {
    assertThrows(NullPointerException.class, () -> Appraisal.accepted(1, null));
    assertThrows(NullPointerException.class, () -> Appraisal.refused(null));
  }
}
