/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Where the bytes of one file are. Not thread-safe. */
interface Medium {
  long size() throws IOException;

  /** Fills the buffer, or as much of it as there is before the end of the file. */
  void read(ByteBuffer buffer, long offset) throws IOException;

  /** Writes all of the buffer; its position tells how much where it fails. */
  void write(ByteBuffer buffer, long offset) throws IOException;

  /** Cuts the file, or extends it with zeros. */
  void resize(long size) throws IOException;

  void sync() throws IOException;

  void close() throws IOException;

  /** Finds the medium of a file. */
  interface Source {
    /**
     * Opens one.
     *
     * @param key what tells the file from all others
     * @param link the descriptor's entry under /proc/self/fd
     */
    Medium open(Object key, String link, boolean writable) throws IOException;

    /** Forgets everything. */
    default void close() throws IOException {}
  }
}
