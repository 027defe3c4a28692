/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

/** Hears how far a piece of work has come, on the thread that called for the work. */
@FunctionalInterface
public interface ProgressListener {
  /** Hears nothing. */
  ProgressListener NONE = progress -> {};

  /** Called some times a second. What it throws ends the work. */
  void progress(Progress progress);
}
