/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import org.stillframe.error.StillframeException;

/** Bytes that are read at positions of one's choice, as those of a file. */
public interface PositionedBytes {
  /**
   * How many there are.
   *
   * @throws StillframeException if that cannot be told
   */
  long size() throws StillframeException;

  /**
   * Fills a buffer from its position to its limit, or as far as the bytes reach; the position moves
   * with what was read. There may be many bytes to read one after the other, so whoever wants to
   * end that is heard here.
   *
   * @throws StillframeException if they cannot be read, or nobody waits for them any more
   */
  void read(long position, ByteBuffer buffer) throws StillframeException;

  /**
   * Where data begins, at or behind a position: what lies between is a hole.
   *
   * @return -1 if none follows, or it is not known what is a hole
   */
  long data(long position);
}
