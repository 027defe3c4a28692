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
   * @param patience is asked whether to go on, while this waits, and by the guest while it waits
   *     for the answer to a command that can be interrupted. The guest asks no more once it was
   *     told to end a wait, or once {@link Guest#cancelMigration} was called: what follows then
   *     puts things in order.
   * @throws org.stillframe.error.GuestException GUEST, with the cause named: no such socket, nobody
   *     listens, no permission, not a QMP monitor, or no answer in time because another client
   *     holds the monitor
   * @throws org.stillframe.error.CancelledException CANCELLED if the thread is interrupted; its
   *     interrupt status stays set
   * @throws StillframeException also whatever {@code patience} throws
   */
  Guest connect(Qmp address, Duration timeout, Patience patience) throws StillframeException;

  /** Connects with nobody to ask; otherwise as {@link #connect(Qmp, Duration, Patience)}. */
  default Guest connect(Qmp address, Duration timeout) throws StillframeException {
    return connect(address, timeout, Patience.NONE);
  }
}
