/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

/** When a guest's main memory is read from its image. */
public enum RestoreMode {
  /** Before it runs. */
  EAGER,
  /**
   * While it runs: its QEMU was started with main memory mapped copy-on-write from a mapped image,
   * with the arguments of {@link MigrationManager#qemuArguments}. The image is never written to,
   * serves any number of guests at once, and has to stay unchanged as long as one of them lives.
   */
  INSTANT;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
