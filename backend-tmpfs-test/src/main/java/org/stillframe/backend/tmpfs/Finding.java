/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.util.Set;

/**
 * Something that a manager has done wrong.
 *
 * @param kind what it is
 * @param what the file and the circumstances, as part of a sentence
 * @param where where it was done; for what was left open, where it was opened
 */
public record Finding(Kind kind, String what, Throwable where) {
  /** What stands between the manager and a finding. */
  private static final Set<String> OURS =
      Set.of(
          Watch.class.getName(),
          TestStateFile.class.getName(),
          TestIoQueue.class.getName(),
          TmpfsTestBackend.class.getName());

  /** What can be done wrong. */
  public enum Kind {
    /** A state file was opened and not closed. */
    FILE_LEFT_OPEN,
    /** A queue was opened and not closed: with it, the buffers that it was given are held. */
    QUEUE_LEFT_OPEN,
    /** A state file was closed before its queues. */
    FILE_CLOSED_BEFORE_QUEUE,
    /**
     * A queue was closed with writes that were not reaped, though none had failed before: nobody
     * knows what became of them. Whoever gives up for reasons of its own may do so.
     */
    WRITE_NOT_REAPED,
    /** A buffer was changed while its request was in flight. */
    BUFFER_CHANGED,
    /** Requests that overlap in the file were in flight together, one of them a write. */
    REQUESTS_OVERLAP,
    /** More than one thread used a queue. */
    QUEUE_SHARED
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(kind + ": " + what);
    for (StackTraceElement frame : where.getStackTrace()) {
      if (!OURS.contains(frame.getClassName())
          && !frame.getClassName().startsWith("org.stillframe.spi.support.")) {
        return text.append(", at ").append(frame).toString();
      }
    }
    return text.toString();
  }
}
