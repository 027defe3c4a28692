/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import org.stillframe.error.StillframeException;

/** Takes a guest in the order of a stream. Used by one thread. */
public interface OrderedSink extends StreamListener {
  /**
   * Bytes that were left where they stand ({@link StreamInput#inPlace}) are about to be
   * overwritten: whoever still needs them uses them now.
   */
  void release() throws StillframeException;

  /** The stream has ended and is whole: the last call. Before it, no guest may run of it. */
  void whole() throws StillframeException;
}
