/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

/** What an opened target is for. */
public enum OpenMode {
  /** An image is loaded: reads alone. */
  READ,
  /** An image is made: writes, and reads of what was written. */
  WRITE
}
