/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.DamagedException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;

/**
 * Reads what a mapped file (QEMU's capability {@code mapped-ram}, header version 1) says of itself:
 * configuration, list of blocks with headers and bitmaps, early sections, device part and closing
 * description. Page areas are passed over unread.
 *
 * <p>Every length and offset is checked against the size of the file and against the others before
 * it is used; what QEMU's own loader lets through is found here and named: another page size than
 * the guest's, areas outside of the file or over each other, marks of pages that there are not, and
 * a file whose bitmaps were never written although its page areas hold data.
 *
 * <p>Memory is bounded whatever the file holds: by what {@link StreamParser} takes, and by the bits
 * that are set in the bitmaps, 32 KiB for each GiB of RAM that has any. Stateless and thread-safe;
 * the bytes belong to one thread.
 */
public final class MappedParser {
  /** Makes a parser. */
  public MappedParser() {}

  /**
   * Reads a file. Failures say {@code at byte N} of it, and what stands there.
   *
   * @param followed whether other bytes may follow, as on a block device; the first end that fits
   *     then counts
   * @throws DamagedException if it is cut, damaged or none
   * @throws RequestException with the code UNSUPPORTED, if it is one but holds something that is
   *     refused by name
   * @throws StillframeException whatever the bytes throw
   */
  public MappedImage parse(PositionedBytes bytes, boolean followed) throws StillframeException {
    try {
      return new MappedWalk(bytes, followed).walk();
    } catch (DamagedException | RequestException e) {
      throw Faults.inFile(e);
    }
  }
}
