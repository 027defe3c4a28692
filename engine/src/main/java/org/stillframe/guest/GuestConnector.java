/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import org.stillframe.error.StillframeException;

/** Reaches guests. Thread-safe. */
public interface GuestConnector {
  /** How long connecting may take where the caller has no wish of its own. */
  Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  /**
   * Connects to a QEMU and exchanges greetings.
   *
   * @param timeout for both together
   * @throws org.stillframe.error.GuestException GUEST, with the cause named: no such socket, nobody
   *     listens, no permission, not a QMP monitor, or no answer in time because another client
   *     holds the monitor
   * @throws org.stillframe.error.CancelledException CANCELLED if the thread is interrupted; its
   *     interrupt status stays set
   */
  Guest connect(Qmp address, Duration timeout) throws StillframeException;
}
