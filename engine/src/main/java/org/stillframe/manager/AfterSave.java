/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

/** What becomes of a guest after a good save. */
public enum AfterSave {
  /** It runs on if it ran. It writes to its disks, which then no longer belong to the image. */
  RESUME,
  /** It stays paused, so that its disks still belong to the image. */
  LEAVE,
  /** Its QEMU ends. */
  QUIT;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
