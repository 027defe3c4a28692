/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.error;

/** The work was cancelled, or its deadline has passed. */
public class CancelledException extends StillframeException {
  private static final long serialVersionUID = 1L;

  /** Creates a failure; see {@link StillframeException} for the parts of its message. */
  public CancelledException(ErrorCode code, String what, String why, String remedy) {
    this(code, what, why, remedy, null);
  }

  /** Creates a failure with the exception that caused it. */
  public CancelledException(
      ErrorCode code, String what, String why, String remedy, Throwable cause) {
    super(code, what, why, remedy, cause);
  }
}
