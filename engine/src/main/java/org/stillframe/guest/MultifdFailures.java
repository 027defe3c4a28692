/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.io.InterruptedIOException;
import org.stillframe.channel.Throttle;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;

/** What fails in a channel of multifd, named. */
final class MultifdFailures {
  private MultifdFailures() {}

  /** What messages call a channel. */
  static String channel(int index) {
    return "multifd channel " + index;
  }

  /** The failure of a channel's connection. */
  static StillframeException of(int channel, long position, IOException cause) {
    return of(channel(channel) + " at byte " + position, cause);
  }

  /** The failure of a connection. */
  static StillframeException of(String what, IOException cause) {
    if (cause instanceof InterruptedIOException) {
      return new CancelledException(
          ErrorCode.CANCELLED, what, "the transfer was interrupted", "", cause);
    }
    String why = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    return new GuestException(
        ErrorCode.GUEST, what, why, "the other end's own messages say why", cause);
  }

  /**
   * Waits as the throttle wants it. Where nothing else waits, this is where a channel hears that it
   * is to give up. {@code what} is what messages call the channel.
   */
  static void holdBack(Throttle throttle, String what, int moved) throws CancelledException {
    try {
      throttle.moved(moved);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(ErrorCode.CANCELLED, what, "the transfer was interrupted", "");
    }
  }
}
