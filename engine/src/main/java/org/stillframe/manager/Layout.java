/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

/** How RAM lies in an image. */
public enum Layout {
  /** QEMU's migration stream as it came. */
  STREAM;

  @Override
  public String toString() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
