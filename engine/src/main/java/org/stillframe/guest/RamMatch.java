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
import org.stillframe.error.StillframeException;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamHead;

/** Compares the RAM of a QEMU that waits with that of an image. Stateless. */
public final class RamMatch {
  private static final String REMEDY = "start QEMU with the options the guest was saved with";

  /** How the names of files of the firmware begin, which QEMU makes resizable. */
  private static final String FIRMWARE_FILE = "/rom@";

  private RamMatch() {}

  /** Looks up what an image says of its guest. */
  @FunctionalInterface
  public interface Saved {
    /** The machine and the list of RAM. */
    StreamHead head() throws StillframeException;
  }

  /**
   * Refuses what QEMU's own loader would refuse when it has begun, or load without a word of what
   * it leaves out, before QEMU hears of it. Blocks that QEMU alone has are left as they are. Where
   * QEMU does not tell of its RAM, nothing is refused, and the image is not looked at.
   *
   * @throws GuestException INCOMPATIBLE with the first block that does not fit
   */
  public static void requireLoadable(Guest guest, Saved saved) throws StillframeException {
    Map<String, HostRam> present = byName(told(guest));
    if (present.isEmpty()) {
      return;
    }
    StreamHead head = saved.head();
    for (RamBlock block : head.blocks()) {
      HostRam host = present.get(block.name());
      if (!fits(block, host) && !mayShrink(block, host)) {
        throw other(
            "load into QEMU at " + guest.address() + ", RAM block " + block.name(),
            difference(block, host),
            otherMachine(guest, head.configuration().machine()));
      }
    }
  }

  private static List<HostRam> told(Guest guest) throws StillframeException {
    try {
      return guest.ram();
    } catch (QmpError e) {
      return List.of();
    }
  }

  private static String otherMachine(Guest guest, String saved) throws StillframeException {
    String machine = guest.machine();
    return saved.equals(machine)
        ? ""
        : "the image is of machine " + saved + " and this is " + machine + "; ";
  }

  /** Every block must be on both sides, with the same length. */
  static void require(List<HostRam> present, List<RamBlock> saved) throws GuestException {
    Map<String, HostRam> rest = byName(present);
    for (RamBlock block : saved) {
      HostRam host = rest.remove(block.name());
      if (!fits(block, host)) {
        throw other("RAM block " + block.name(), difference(block, host), "");
      }
    }
    if (!rest.isEmpty()) {
      throw other(
          "RAM block " + rest.keySet().iterator().next(),
          "this QEMU has it, and the image has not",
          "");
    }
  }

  private static Map<String, HostRam> byName(List<HostRam> blocks) {
    Map<String, HostRam> byName = new HashMap<>();
    blocks.forEach(host -> byName.put(host.name(), host));
    return byName;
  }

  private static boolean fits(RamBlock block, HostRam host) {
    if (host == null) {
      return false;
    }
    // ACPI tables have room to grow, and QEMU gives them the length of the image.
    boolean resizable = host.room() > host.length();
    long length = block.usedLength();
    return length == host.length() || resizable && length <= host.room();
  }

  /** A resizable block that is as long as it may become looks like any other. */
  private static boolean mayShrink(RamBlock block, HostRam host) {
    return host != null
        && host.name().startsWith(FIRMWARE_FILE)
        && block.usedLength() <= host.room();
  }

  private static String difference(RamBlock block, HostRam host) {
    return host == null
        ? "the image has it, and this QEMU has not"
        : "it has "
            + block.usedLength()
            + " bytes in the image and "
            + host.length()
            + " in this QEMU";
  }

  private static GuestException other(String what, String why, String machine) {
    return new GuestException(ErrorCode.INCOMPATIBLE, what, why, machine + REMEDY);
  }
}
