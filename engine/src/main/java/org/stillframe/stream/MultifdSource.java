/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.StillframeException;

/** Gives a guest to a QEMU in a main stream and several channels of pages. */
public interface MultifdSource extends GuestFrame {
  /** The whole device sections that belong between the list of blocks and the pages, or none. */
  byte[] earlySections() throws StillframeException;

  /**
   * A source for one channel, on the thread of that channel. The caller closes it.
   *
   * @param index from 0
   * @param places where pages are put straight; those of its blocks come without bytes, and are in
   *     their places when their batch comes
   */
  RamSource source(int index, RamPlaces places) throws StillframeException;
}
