/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

/** Cuts requests into pieces that the kernel takes as they are. Used by one thread at a time. */
interface Pieces {
  /** Chooses the next piece of a request of which some is left, where the last one has ended. */
  void next(Request request);

  /**
   * The piece has moved {@code count} bytes.
   *
   * @return how many bytes of the request these are; 0 if the file has ended
   */
  int moved(Request request, int count);
}
