/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

/** What a {@link ThreadedBackend} does wrong, so that the contract can be seen to notice. */
enum Mistake {
  NONE,
  /** Writes the pages that a request touches, with what it found there a little earlier. */
  WRITES_WHOLE_PAGES,
  COUNTS_ONE_LESS,
  CUTS_OFFSETS_TO_32_BITS,
  IGNORES_THE_BUFFERS_POSITION,
  /** Takes a registered buffer for another that holds the same. */
  CONFUSES_EQUAL_BUFFERS,
  HIDES_FAILURES,
  /** Hands over once more what was handed over to a completion that threw. */
  REPEATS_AFTER_A_THROW,
  /** Carries nothing out before somebody wants to reap it. */
  DROPS_WHAT_IS_NOT_REAPED
}
