/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;
import org.stillframe.system.Connection;

/** Opens connections for migration streams. Thread-safe. */
public interface Endpoints {
  /**
   * Waits for a sender: listens on a UNIX path, which must be free and is removed once somebody has
   * connected, or takes the descriptor as it is.
   */
  Receiver receive(Endpoint endpoint) throws StillframeException;

  /** Connects to a receiver. A descriptor that was passed in stays open when this is closed. */
  Connection send(Endpoint endpoint) throws StillframeException;

  /** A place where a sender may connect. Used by one thread. */
  interface Receiver extends AutoCloseable {
    /** Waits until a sender has connected, or the work is cancelled. */
    Connection await(Supervision supervision) throws StillframeException;

    /** Stops listening and removes the path. Does not close the connection. Idempotent. */
    @Override
    void close() throws StillframeException;
  }
}
