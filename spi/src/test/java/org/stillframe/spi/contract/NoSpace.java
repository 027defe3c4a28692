/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.stillframe.spi.SystemCallException;

/** The system's word that nothing more fits. */
final class NoSpace {
  /** ENOSPC of errno(3). */
  private static final int NUMBER = 28;

  private NoSpace() {}

  static void require(IOException failure) {
    SystemCallException refusal = assertInstanceOf(SystemCallException.class, failure);
    assertEquals(NUMBER, refusal.errno(), refusal.getMessage());
    String words = ": No space left on device (ENOSPC)";
    assertTrue(refusal.getMessage().endsWith(words), refusal.getMessage());
  }
}
