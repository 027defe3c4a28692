/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import org.stillframe.error.StillframeException;

/** What one channel does, on a thread of its own. */
@FunctionalInterface
public interface ChannelTask {
  /**
   * Works until all is done. It is told to give up by an interrupt.
   *
   * @throws StillframeException if it fails, or was interrupted; the other channels are then
   *     stopped
   */
  void run() throws StillframeException;
}
