/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import org.stillframe.error.StillframeException;

/**
 * Asked again and again by what waits for a QEMU, at least every 100 milliseconds and by the thread
 * that waits: whether to go on. It must not block.
 */
@FunctionalInterface
public interface Patience {
  /** Waits as long as the time-outs allow. */
  Patience NONE = () -> {};

  /**
   * Returns to go on waiting.
   *
   * @throws StillframeException to end the wait; whoever waits passes it on as it is
   */
  void check() throws StillframeException;
}
