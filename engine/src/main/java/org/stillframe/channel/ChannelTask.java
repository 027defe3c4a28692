/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.io.InterruptedIOException;
import org.stillframe.error.StillframeException;

/** What one channel does, on a thread of its own. */
@FunctionalInterface
public interface ChannelTask {
  /**
   * Works until all is done. It is told to give up by an interrupt.
   *
   * @throws StillframeException if it fails; the other channels are then stopped
   * @throws InterruptedIOException if it was interrupted while it waited
   */
  void run() throws StillframeException, InterruptedIOException;
}
