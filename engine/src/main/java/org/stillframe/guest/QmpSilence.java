/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;

/** QEMU has not answered a command in time; it may yet carry it out. */
final class QmpSilence extends GuestException {
  private static final long serialVersionUID = 1L;

  QmpSilence(Qmp address, String command, String why) {
    super(
        ErrorCode.GUEST,
        "QEMU at " + address + " did not answer " + command,
        why,
        "see whether QEMU hangs, for example in storage that does not answer");
  }
}
