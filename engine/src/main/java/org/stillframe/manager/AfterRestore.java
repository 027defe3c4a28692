/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

/** What becomes of a guest once it is loaded. */
public enum AfterRestore {
  /** It runs if it ran when it was saved, unless its QEMU was started with -S. */
  AS_SAVED,
  /** It runs. */
  RUN,
  /** It stays paused. */
  PAUSE
}
