/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.StillframeException;

/** The header of a START or FULL section, behind its type byte. */
record SectionHeader(long id, String name, long instance, long version) {
  /** Reads a header; a section without a name is damage. */
  static SectionHeader read(StreamInput input, String where) throws StillframeException {
    long at = input.position();
    long id = input.u32();
    String name = input.text(input.u8());
    if (name.isEmpty()) {
      throw Faults.damaged(at, where, "a section has no name");
    }
    return new SectionHeader(id, name, input.u32(), input.u32());
  }
}
