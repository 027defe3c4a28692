/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.locks.StampedLock;
import org.stillframe.spi.SystemCallException;

/**
 * The caller's own descriptor, with O_DIRECT switched on. The flag belongs to the open file
 * description: while an edge is written without it, no direct transfer may be under way.
 */
final class ToggledAccess implements DirectAccess {
  private final OdirectNative natives;
  private final int fd;
  private final ToggledDescriptions.Description description;
  private final ToggledDescriptions owner;

  ToggledAccess(
      OdirectNative natives,
      int fd,
      ToggledDescriptions.Description description,
      ToggledDescriptions owner) {
    this.natives = natives;
    this.fd = fd;
    this.description = description;
    this.owner = owner;
  }

  @Override
  public long read(ByteBuffer buffer, long length, long offset) {
    StampedLock lock = description.lock();
    long stamp = lock.readLock();
    try {
      return natives.answer(natives.posix().pread(fd, buffer, length, offset));
    } finally {
      lock.unlockRead(stamp);
    }
  }

  @Override
  public long write(ByteBuffer buffer, long length, long offset) {
    StampedLock lock = description.lock();
    long stamp = lock.readLock();
    try {
      return natives.answer(natives.posix().pwrite(fd, buffer, length, offset));
    } finally {
      lock.unlockRead(stamp);
    }
  }

  @Override
  public long writeEdge(ByteBuffer buffer, long length, long offset) throws SystemCallException {
    StampedLock lock = description.lock();
    long stamp = lock.writeLock();
    try {
      description.buffered(fd);
      long count = natives.writeEdge(fd, buffer, length, offset);
      description.direct(fd);
      return count;
    } finally {
      lock.unlockWrite(stamp);
    }
  }

  @Override
  public int descriptor() {
    return fd;
  }

  @Override
  public void requireDirect() throws IOException {
    StampedLock lock = description.lock();
    long stamp = lock.readLock();
    try {
      if ((natives.flags(fd) & KernelNumbers.OWN.direct()) == 0) {
        throw new IOException(
            "O_DIRECT was switched off by somebody who shares the descriptor: the page cache was"
                + " not bypassed all the time");
      }
    } finally {
      lock.unlockRead(stamp);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      requireDirect();
    } finally {
      owner.leave(fd, description);
    }
  }
}
