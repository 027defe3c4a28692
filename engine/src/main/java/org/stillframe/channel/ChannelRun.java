/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.time.Duration;
import org.stillframe.error.StillframeException;

/** Channels that were started together. Used by the thread that started them. */
public interface ChannelRun extends AutoCloseable {
  /**
   * Waits for the end.
   *
   * @return whether all channels have ended, all of them well
   * @throws StillframeException the first failure, once every channel has ended; CANCELLED if the
   *     waiting thread was interrupted
   */
  boolean await(Duration time) throws StillframeException;

  /** Stops the channels that still run, and waits until they have ended. Throws no failure. */
  @Override
  void close();
}
