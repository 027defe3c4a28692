/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

/** Says from any thread that a piece of work is no longer wanted. Thread-safe; cannot be undone. */
public final class CancelToken {
  private volatile boolean cancelled;

  /** Makes a token that is not cancelled. */
  public CancelToken() {}

  /** Asks the work that carries this token to stop and clean up. Returns at once. */
  public void cancel() {
    cancelled = true;
  }

  /** Whether {@link #cancel} was called. */
  public boolean isCancelled() {
    return cancelled;
  }
}
