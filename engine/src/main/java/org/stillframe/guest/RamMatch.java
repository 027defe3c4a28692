/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.stream.RamBlock;

/** Compares the RAM of a QEMU that waits with that of an image. Stateless. */
final class RamMatch {
  private static final String REMEDY = "start QEMU with the options the guest was saved with";

  private RamMatch() {}

  /** Every block must be on both sides, with the same length. */
  static void require(List<HostRam> present, List<RamBlock> saved) throws GuestException {
    Map<String, HostRam> rest = new HashMap<>();
    present.forEach(host -> rest.put(host.name(), host));
    for (RamBlock block : saved) {
      HostRam host = rest.remove(block.name());
      long length = block.usedLength();
      // ACPI tables have room to grow, and QEMU gives them the length of the image.
      boolean resizable = host != null && host.room() > host.length();
      if (host == null || length != host.length() && !(resizable && length <= host.room())) {
        throw other(
            block.name(),
            host == null
                ? "the image has it, and this QEMU has not"
                : "it has "
                    + length
                    + " bytes in the image and "
                    + host.length()
                    + " in this QEMU");
      }
    }
    if (!rest.isEmpty()) {
      throw other(rest.keySet().iterator().next(), "this QEMU has it, and the image has not");
    }
  }

  private static GuestException other(String block, String why) {
    return new GuestException(ErrorCode.INCOMPATIBLE, "RAM block " + block, why, REMEDY);
  }
}
