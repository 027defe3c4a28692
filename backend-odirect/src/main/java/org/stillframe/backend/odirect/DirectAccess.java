/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;

/**
 * A file that is open for direct I/O. Transfers begin at the buffer's position and leave it as it
 * is; they answer what the system has: the count of bytes, or the negative errno. Thread-safe.
 */
interface DirectAccess {
  /** A direct read. */
  long read(ByteBuffer buffer, long length, long offset);

  /** A direct write. */
  long write(ByteBuffer buffer, long length, long offset);

  /**
   * A write through the page cache, of less than a granule.
   *
   * @throws SystemCallException if the page cache cannot be reached, or not be left again
   */
  long writeEdge(ByteBuffer buffer, long length, long offset) throws SystemCallException;

  /** The descriptor for what is asked of the file as a whole. */
  int descriptor();

  /**
   * Makes sure that what is called direct here was.
   *
   * @throws IOException if the page cache may not have been bypassed
   */
  void requireDirect() throws IOException;

  /** Leaves the caller's descriptor as it was found, and closes what was opened. Called once. */
  void close() throws IOException;
}
