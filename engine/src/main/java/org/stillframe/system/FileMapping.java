/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.io.Closeable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.stillframe.spi.SystemCallException;

/**
 * A part of a file, mapped and shared (mmap(2)): it shows what others write there, and they see
 * what is written to it. Thread-safe, but for {@link #close}.
 */
public final class FileMapping implements Closeable {
  // <linux/mman.h>
  private static final int READ = 1;
  private static final int WRITE = 2;
  private static final int SHARED = 1;
  private static final int DONT_NEED = 4;
  private static final int POPULATE_READ = 22;

  private final SystemCalls system;
  private final Libc libc;
  private final long address;
  private final long length;
  private boolean closed;

  private FileMapping(SystemCalls system, Libc libc, long address, long length) {
    this.system = system;
    this.libc = libc;
    this.address = address;
    this.length = length;
  }

  /**
   * Maps a part.
   *
   * @param offset in the file, in whole pages
   * @param length in bytes, more than 0; what lies behind the end of the file can be mapped, and
   *     kills who touches it
   */
  static FileMapping of(SystemCalls system, int fd, long offset, long length, boolean writable)
      throws SystemCallException {
    int protection = writable ? READ | WRITE : READ;
    Libc libc = system.libc();
    long address = libc.mmap(0, length, protection, SHARED, fd, offset);
    if (address == -1) {
      throw system.failure("mmap");
    }
    return new FileMapping(system, libc, address, length);
  }

  /** In bytes. */
  public long length() {
    return length;
  }

  /**
   * A direct buffer over a part of it, in native order. It must not be used any more once this is
   * closed: nothing would keep the process from falling over it.
   *
   * @param offset in the mapping, in bytes
   */
  public ByteBuffer view(long offset, int size) {
    requireWithin(offset, size);
    return libc.view(address + offset, size).order(ByteOrder.nativeOrder());
  }

  /**
   * Has the system provide the memory of a part, so that touching it cannot fail any more where the
   * storage or the memory is broken, or there is no more of it (MADV_POPULATE_READ, since Linux
   * 5.14; nothing happens before).
   *
   * @param offset in the mapping, in whole pages
   * @param size in bytes, whole pages
   * @throws SystemCallException EFAULT if a part of it cannot be had
   */
  public void populate(long offset, long size) throws SystemCallException {
    requireWithin(offset, size);
    while (libc.madvise(address + offset, size, POPULATE_READ) != 0) {
      int errno = system.lastError();
      if (errno == Errno.EINVAL) {
        return;
      }
      if (errno != Errno.EINTR && errno != Errno.EAGAIN) {
        throw system.failure("madvise");
      }
    }
  }

  /**
   * Lets go of a part: it no longer counts as memory of this process. The file keeps what is in it,
   * requests that are under way go on, and it can be touched again.
   *
   * @param offset in the mapping, in whole pages
   * @param size in bytes, whole pages
   */
  public void release(long offset, long size) {
    requireWithin(offset, size);
    // A kernel that will not do it, as for huge pages before 5.18, only counts it for longer.
    libc.madvise(address + offset, size, DONT_NEED);
  }

  private void requireWithin(long offset, long size) {
    if (offset < 0 || size < 0 || offset > length - size) {
      throw new IndexOutOfBoundsException(size + " bytes at " + offset + " of " + length);
    }
  }

  /** Takes it away; nobody may use a view any more. Idempotent. */
  @Override
  public void close() throws SystemCallException {
    if (!closed) {
      closed = true;
      if (libc.munmap(address, length) != 0) {
        throw system.failure("munmap");
      }
    }
  }
}
