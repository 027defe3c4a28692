/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import org.stillframe.system.PresentPages;

/** Tells pages of zeros. Used by one thread. */
final class ZeroPages {
  private static final int PAGE = PresentPages.PAGE;

  private final ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE);

  /** Whether a page is zero. The buffer's position and limit change. */
  boolean isZero(ByteBuffer buffer, int at) {
    buffer.limit(at + PAGE).position(at);
    // Most pages that are not zero show it at once.
    return buffer.getLong(at) == 0 && buffer.mismatch(zeros.clear()) < 0;
  }

  /**
   * Where the pages end that are zero, or that are not, as the one at the beginning is.
   *
   * @param zero whether that one is zero
   * @param end where to end at the latest
   */
  int endOfRun(ByteBuffer buffer, int begin, boolean zero, int end) {
    int at = begin + PAGE;
    while (at < end && isZero(buffer, at) == zero) {
      at += PAGE;
    }
    return at;
  }

  /** Makes a page zero. */
  void clear(ByteBuffer buffer, int at) {
    buffer.limit(at + PAGE).put(at, zeros, 0, PAGE);
  }
}
