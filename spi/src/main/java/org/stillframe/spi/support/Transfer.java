/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.support;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Moves bytes, and returns when all are moved. The buffer's position moves with them, also when a
 * failure cuts it short. Used by one thread.
 */
public interface Transfer {
  /** Fills the buffer, or as much of it as there is before the end of the file. */
  void read(ByteBuffer buffer, long offset) throws IOException;

  /** Writes all of the buffer. */
  void write(ByteBuffer buffer, long offset) throws IOException;

  /** Releases what it has opened for itself. Called once. */
  default void close() throws IOException {}
}
