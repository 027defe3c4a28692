/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.StillframeException;

/** The frame of RAM's sections: the header that starts them, and the footer that ends each. */
final class RamFrame {
  private static final String SECTIONS = "section header";

  private RamFrame() {}

  /**
   * Reads the header of a START section, whose type byte stands at {@code at}; it must be RAM's.
   *
   * @return its id
   */
  static long start(StreamInput input, long at) throws StillframeException {
    SectionHeader header = SectionHeader.read(input, SECTIONS);
    if (!header.name().equals(Wire.RAM)) {
      throw Faults.unsupported(
          at,
          SECTIONS,
          "the iterable section " + header.name() + " has no length and cannot be read past",
          "save without the device or the capability that writes it");
    }
    if (header.version() != Wire.RAM_VERSION) {
      throw Faults.unsupported(
          at,
          SECTIONS,
          "section ram has version " + header.version() + ", not " + Wire.RAM_VERSION,
          "save with a QEMU whose stream this release reads");
    }
    if (header.instance() != 0) {
      throw Faults.damaged(at, SECTIONS, "section ram has instance " + header.instance());
    }
    return header.id();
  }

  /** Reads the footer of a section of RAM. */
  static void footer(StreamInput input, long ramId) throws StillframeException {
    input.reading("footer of section ram");
    long at = input.position();
    int mark = input.u8();
    if (mark != Wire.FOOTER) {
      throw Faults.damaged(
          at,
          "section ram",
          String.format(
              "0x%02x stands where its footer belongs (machine types of QEMU 2.3 and older send"
                  + " none)",
              mark));
    }
    long id = input.u32();
    if (id != ramId) {
      throw Faults.damaged(
          at, "section ram", "its footer has the id " + id + ", its header " + ramId);
    }
  }

  /** What a device section says that stands behind pages with no end of RAM between. */
  static StillframeException backgroundSnapshot(long at, String name) {
    return Faults.unsupported(
        at,
        SECTIONS,
        "device section "
            + name
            + " follows pages with no end of RAM between, as in a background snapshot",
        "switch the capability background-snapshot off at the source");
  }
}
