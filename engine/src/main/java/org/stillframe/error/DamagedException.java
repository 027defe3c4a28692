/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.error;

/** The image or stream is damaged, incomplete, or not one. */
public class DamagedException extends StillframeException {
  private static final long serialVersionUID = 1L;

  /** Creates a failure; see {@link StillframeException} for the parts of its message. */
  public DamagedException(String what, String why, String remedy) {
    this(what, why, remedy, null);
  }

  /** Creates a failure with the exception that caused it. */
  public DamagedException(String what, String why, String remedy, Throwable cause) {
    super(ErrorCode.DAMAGED, what, why, remedy, cause);
  }
}
