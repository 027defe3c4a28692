/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.List;
import org.stillframe.error.StillframeException;

/** Gives a guest to a QEMU in a main stream and several channels of pages. */
public interface MultifdSource {
  /** The machine and its page size; capabilities and UUID are not sent. */
  Configuration configuration();

  /** The id of RAM's section, which no device section has. */
  long sectionId();

  /** All blocks of RAM. */
  List<RamBlock> blocks();

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

  /**
   * The device part, from its first section to the end of the stream; its chunks are direct. Called
   * once, by the thread that sends the main stream.
   */
  StreamInput.Supply devices() throws StillframeException;
}
