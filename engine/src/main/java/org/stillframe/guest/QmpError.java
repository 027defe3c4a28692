/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;

/** QEMU has refused a command; nothing was changed by it. */
final class QmpError extends GuestException {
  private static final long serialVersionUID = 1L;

  private final String errorClass;

  QmpError(Qmp address, String command, String errorClass, String description) {
    super(
        ErrorCode.GUEST,
        "QEMU at " + address + " refused " + command,
        description,
        errorClass.equals("CommandNotFound") ? "a later QEMU may have this command" : "");
    this.errorClass = errorClass;
  }

  /** QAPI's QapiErrorClass: {@code GenericError}, {@code CommandNotFound} and others. */
  String errorClass() {
    return errorClass;
  }
}
