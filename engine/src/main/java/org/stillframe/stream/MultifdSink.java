/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.StillframeException;

/** Takes a guest that comes in a main stream and several channels of pages. */
public interface MultifdSink {
  /**
   * Hears the main stream, on the thread that reads it; pages of zeros come here too, from QEMU
   * before 9.0. When {@link StreamListener#multifdFlush} returns, what was heard before must have
   * happened as after {@link RamSink#drain}; the channels are waited for by then.
   */
  StreamListener listener();

  /**
   * A sink for one channel, on the thread of that channel and after the list of blocks was heard.
   * The caller closes it.
   *
   * @param index from 0
   */
  RamSink sink(int index) throws StillframeException;
}
