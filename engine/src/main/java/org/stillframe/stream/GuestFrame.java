/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.List;
import org.stillframe.error.StillframeException;

/** All of a guest but its pages. */
public interface GuestFrame {
  /** The machine and its page size; capabilities and UUID are not sent. */
  Configuration configuration();

  /** The id of RAM's section, which no device section has. */
  long sectionId();

  /** All blocks of RAM. */
  List<RamBlock> blocks();

  /**
   * The device part, from its first section to the end of the stream; its chunks are direct. Called
   * once, by the thread that sends the main stream.
   */
  StreamInput.Supply devices() throws StillframeException;
}
