/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.io.Closeable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.stillframe.spi.SystemCallException;

/** An open file descriptor, closed once. Thread-safe. */
public final class Descriptor implements Closeable {
  private final SystemCalls system;
  private final int number;
  private final boolean owned;
  private final AtomicBoolean closed = new AtomicBoolean();

  Descriptor(SystemCalls system, int number, boolean owned) {
    this.system = system;
    this.number = number;
    this.owned = owned;
  }

  /** Its number in this process. */
  public int number() {
    return number;
  }

  /** Closes it if it is owned. Idempotent. */
  @Override
  public void close() throws SystemCallException {
    if (closed.compareAndSet(false, true) && owned) {
      system.close(number);
    }
  }

  @Override
  public String toString() {
    return "fd:" + number;
  }
}
