/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;

/** Applies what the route native needs of a QEMU, and says which route will do without. */
final class NativeSettings {
  private NativeSettings() {}

  static SettingsScope apply(Guest guest, MigrationSettings settings, boolean direct)
      throws StillframeException {
    try {
      return guest.apply(settings);
    } catch (RequestException e) {
      if (e.code() != ErrorCode.UNSUPPORTED) {
        throw e;
      }
      throw new RequestException(
          e.code(),
          "route native with QEMU " + guest.version() + " at " + guest.address(),
          e.why()
              + (direct ? "; mapped-ram came with 9.0, direct-io with 9.1" : "; it came with 9.0"),
          "use the route stream, which works with every QEMU",
          e);
    }
  }
}
