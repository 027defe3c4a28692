/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.error.StillframeException;

/** Where a stream comes from, piece by piece: a connection, or an image that is converted. */
@FunctionalInterface
public interface StreamFeed {
  /**
   * Reads what is there, waiting until something is.
   *
   * @param buffer direct, with room; its position moves
   * @return bytes read, or -1 at the end
   */
  int read(ByteBuffer buffer) throws IOException, StillframeException;
}
