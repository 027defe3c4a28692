/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Duration;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** Reaches guests by QMP. Thread-safe. */
public final class QmpGuestConnector implements GuestConnector {
  private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);

  /** Between two tries at a monitor whose queue is full, in milliseconds. */
  private static final int PAUSE = 20;

  private final SystemCalls system;
  private final Sockets sockets;
  private final Duration commandTimeout;

  /** Every command may take 30 seconds. */
  public QmpGuestConnector(SystemCalls system, Sockets sockets) {
    this(system, sockets, COMMAND_TIMEOUT);
  }

  /** With a time-out for every command of the guests it connects to. */
  public QmpGuestConnector(SystemCalls system, Sockets sockets, Duration commandTimeout) {
    this.system = system;
    this.sockets = sockets;
    this.commandTimeout = commandTimeout;
  }

  @Override
  public Guest connect(Qmp address, Duration timeout, Patience patience)
      throws StillframeException {
    Deadline deadline = Deadline.after(timeout);
    Descriptor socket = dial(address, deadline, timeout, patience);
    QmpClient client =
        new QmpClient(
            address, new Connection(system, socket, TargetKind.SOCKET), commandTimeout, patience);
    boolean greeted = false;
    try {
      Guest guest = new QmpGuest(client, client.greet(deadline, timeout), sockets.peer(socket));
      greeted = true;
      return guest;
    } catch (SystemCallException e) {
      throw new QmpFailures(address).unreachable(e);
    } finally {
      if (!greeted) {
        client.close();
      }
    }
  }

  private Descriptor dial(Qmp address, Deadline deadline, Duration timeout, Patience patience)
      throws StillframeException {
    QmpFailures failures = new QmpFailures(address);
    try {
      patience.check();
      Descriptor socket = sockets.tryConnect(address.path());
      while (socket == null) {
        if (deadline.passed()) {
          throw failures.queueFull(timeout);
        }
        Thread.sleep(deadline.millis(PAUSE));
        patience.check();
        socket = sockets.tryConnect(address.path());
      }
      return socket;
    } catch (SystemCallException e) {
      throw failures.unreachable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.interrupted("connecting");
    }
  }
}
