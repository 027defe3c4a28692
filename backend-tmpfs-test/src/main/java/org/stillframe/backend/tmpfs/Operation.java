/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.util.Locale;

/** What a manager asks of a backend, and what a fault can strike. Thread-safe, as enums are. */
public enum Operation {
  /** A target is opened. */
  OPEN("open"),
  /** A request to read. */
  READ("pread"),
  /** A request to write. */
  WRITE("pwrite"),
  /** A file is cut or extended. */
  TRUNCATE("ftruncate"),
  /** What was written is made durable. */
  SYNC("fsync"),
  /** A target is closed. */
  CLOSE("close");

  private final String call;

  Operation(String call) {
    this.call = call;
  }

  /** The name of the system call that a failure speaks of, for example {@code pwrite}. */
  public String call() {
    return call;
  }

  /** The name in a method of {@link FaultPlan}, for example {@code Write}. */
  String label() {
    return name().charAt(0) + name().substring(1).toLowerCase(Locale.ROOT);
  }
}
