/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.StillframeException;

/** Gives pages of a guest's RAM to one channel. Used by one thread. */
public interface RamSource extends AutoCloseable {
  /**
   * Fills the batch with the next pages: those of several channels together are each page once.
   * Pages that are zero may be left out where the receiver's memory is known to be zero.
   *
   * @param batch begun and filled by the callee, with one page or more
   * @return false if there is none left
   */
  boolean next(PageBatch batch) throws StillframeException;

  /** Frees what the channel holds. */
  @Override
  void close() throws StillframeException;
}
