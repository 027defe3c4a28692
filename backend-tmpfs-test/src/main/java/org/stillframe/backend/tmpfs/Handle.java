/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file. Thread-safe: it locks the storage for each call. */
final class Handle {
  private final Storage storage;
  private final StoredFile file;
  private final long cuts;
  private final boolean readable;
  private boolean closed;

  Handle(Storage storage, StoredFile file, long cuts, boolean readable) {
    this.storage = storage;
    this.file = file;
    this.cuts = cuts;
    this.readable = readable;
  }

  private void require(Operation operation, boolean allowed) throws IOException {
    storage.requirePower(cuts, operation);
    if (closed || !allowed) {
      throw Errno.EBADF.failureOf(operation.call());
    }
  }

  /** Fails where a request of this kind, even an empty one, would. */
  void require(Operation operation) throws IOException {
    synchronized (storage) {
      require(operation, operation == Operation.WRITE || readable);
    }
  }

  long size() throws IOException {
    synchronized (storage) {
      storage.requirePower(cuts, Operation.READ);
      return file.medium().size();
    }
  }

  void read(ByteBuffer buffer, long offset) throws IOException {
    synchronized (storage) {
      require(Operation.READ, readable);
      file.medium().read(buffer, offset);
    }
  }

  void write(ByteBuffer buffer, long offset) throws IOException {
    synchronized (storage) {
      require(Operation.WRITE, true);
      file.journal().beforeWrite(offset, buffer.remaining());
      file.medium().write(buffer, offset);
    }
  }

  void resize(long size) throws IOException {
    synchronized (storage) {
      require(Operation.TRUNCATE, true);
      file.journal().beforeResize(size);
      file.medium().resize(size);
    }
  }

  /**
   * Keeps what was written.
   *
   * @param failure with what it fails; null if it does not
   */
  void sync(IOException failure) throws IOException {
    synchronized (storage) {
      require(Operation.SYNC, true);
      try {
        if (failure != null) {
          throw failure;
        }
        file.medium().sync();
      } catch (IOException e) {
        file.journal().syncFailed();
        throw e;
      }
      file.journal().synced();
    }
  }

  void close() throws IOException {
    synchronized (storage) {
      closed = true;
      file.leave();
      storage.letGo();
    }
  }
}
