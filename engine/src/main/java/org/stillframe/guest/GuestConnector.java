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

  /**
   * Connects like {@link #connect(Qmp, Duration)}, and asks whether to go on while it waits.
   *
   * <p>The guest asks too, while it waits for the answer to a command that can be interrupted. It
   * asks no more once it was told to end a wait, or once {@link Guest#cancelMigration} was called:
   * what follows then puts things in order.
   *
   * @param patience is asked; a connector that does not override this asks once, before connecting
   * @throws StillframeException also whatever {@code patience} throws
   */
  default Guest connect(Qmp address, Duration timeout, Patience patience)
      throws StillframeException {
    patience.check();
    return connect(address, timeout);
  }
}
