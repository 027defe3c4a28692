/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

/** How RAM gets between QEMU and an image. */
public enum Route {
  /** The first that this guest, this target and these rights allow. */
  AUTO,
  /** QEMU migrates to or from a socket of ours; works with every QEMU. */
  STREAM,
  /**
   * QEMU migrates to or from several sockets of ours, each served by a thread; with QEMU 4.0 and
   * newer, layout mapped alone.
   */
  MULTIFD,
  /** QEMU, 9.0 or newer, writes and reads the file itself; layout mapped alone. */
  NATIVE;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
