/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.Optional;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.ImageSummary;
import org.stillframe.system.Connection;

/** What can be sent as a migration stream. Used by one thread after another. */
public interface Playable {
  /**
   * Reads the image and sends it as a migration stream.
   *
   * @throws org.stillframe.error.DamagedException if it is not whole; what is wrong was not sent
   */
  void play(Connection sink, TransferCounter counter) throws StillframeException;

  /** What the image says of the guest; empty before that was read. From any thread. */
  Optional<Configuration> configuration();

  /**
   * What the image holds.
   *
   * @throws IllegalStateException before it was read whole
   */
  ImageSummary summary();
}
