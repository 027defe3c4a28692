/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.error;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StillframeExceptionTest {
  /** A line break, ESC, DEL, and two of the C1 set: NEL and CSI, which some terminals obey. */
  @ParameterizedTest
  @ValueSource(strings = {"\n", "\u001b", "\u007f", "\u0085", "\u009b"})
  void aMessageSteersNoTerminal(String control) {
    DamagedException e =
        new DamagedException("a" + control + "2J", "b" + control + control + "c", "");
    assertEquals("a 2J: b c", e.getMessage());
  }
}
