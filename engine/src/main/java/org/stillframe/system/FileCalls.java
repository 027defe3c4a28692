/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import org.stillframe.spi.SystemCallException;

/** System calls on the bytes of open files. Thread-safe. */
public class FileCalls {
  private static final int SEEK_DATA = 3;
  private static final int SEEK_HOLE = 4;

  // <linux/falloc.h>
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;

  // <linux/memfd.h>
  private static final int MFD_CLOEXEC = 1;

  private final SystemCalls system;

  /** Calls by way of these. */
  public FileCalls(SystemCalls system) {
    this.system = system;
  }

  /** Opens a file that is there; flags of {@link OpenFlags}. */
  public Descriptor open(Path path, int flags) throws SystemCallException {
    return system.open(path, flags, 0);
  }

  /**
   * Opens what a descriptor has open once more, with flags and a position, 0, of its own.
   *
   * @param flags of {@link OpenFlags}; nothing is made or cut
   */
  public Descriptor reopen(int fd, int flags) throws SystemCallException {
    return system.open(Path.of("/proc/self/fd/" + fd), flags, 0);
  }

  /** Makes a file in memory that nobody else knows (memfd_create(2)); its name is for looks. */
  public Descriptor memory(String name) throws SystemCallException {
    ByteBuffer text = SystemCalls.cString(name);
    int fd = system.libc().memfd_create(text, MFD_CLOEXEC);
    Reference.reachabilityFence(text);
    if (fd < 0) {
      throw system.failure("memfd_create");
    }
    return new Descriptor(system, fd, true);
  }

  /**
   * Reads from a position until the buffer is full or the file ends. The position of the buffer
   * moves.
   *
   * @param buffer direct
   */
  public void read(int fd, ByteBuffer buffer, long offset) throws SystemCallException {
    Libc libc = system.libc();
    int begin = buffer.position();
    while (buffer.hasRemaining()) {
      long at = offset + buffer.position() - begin;
      long count = libc.pread(fd, buffer, buffer.remaining(), at);
      if (count == 0) {
        return;
      }
      moved(buffer, count, "pread");
    }
  }

  /**
   * Writes all remaining bytes at a position. The position of the buffer moves.
   *
   * @param buffer direct
   */
  public void write(int fd, ByteBuffer buffer, long offset) throws SystemCallException {
    Libc libc = system.libc();
    int begin = buffer.position();
    while (buffer.hasRemaining()) {
      long at = offset + buffer.position() - begin;
      moved(buffer, libc.pwrite(fd, buffer, buffer.remaining(), at), "pwrite");
    }
  }

  private void moved(ByteBuffer buffer, long count, String call) throws SystemCallException {
    Reference.reachabilityFence(buffer);
    if (count >= 0) {
      buffer.position(buffer.position() + (int) count);
    } else if (system.lastError() != Errno.EINTR) {
      throw system.failure(call);
    }
  }

  /**
   * Where data begins, at or behind a position (lseek(2) with SEEK_DATA).
   *
   * @return -1 if nothing but a hole follows
   */
  public long data(int fd, long from) throws SystemCallException {
    return seek(fd, from, SEEK_DATA);
  }

  /**
   * Where a hole begins, at or behind a position: the end of the file at the latest (lseek(2) with
   * SEEK_HOLE). A file system that knows no holes says the end.
   *
   * @return -1 if the position is not within the file
   */
  public long hole(int fd, long from) throws SystemCallException {
    return seek(fd, from, SEEK_HOLE);
  }

  private long seek(int fd, long from, int whence) throws SystemCallException {
    long found = system.libc().lseek(fd, from, whence);
    if (found >= 0) {
      return found;
    }
    if (system.lastError() == Errno.ENXIO) {
      return -1;
    }
    throw system.failure("lseek");
  }

  /**
   * Makes a hole of a range, which then reads as zeros (fallocate(2) with FALLOC_FL_PUNCH_HOLE).
   *
   * @return false if the file system knows no holes
   */
  public boolean punch(int fd, long offset, long length) throws SystemCallException {
    while (system.libc().fallocate(fd, KEEP_SIZE | PUNCH_HOLE, offset, length) != 0) {
      int errno = system.lastError();
      if (errno == Errno.EOPNOTSUPP) {
        return false;
      }
      if (errno != Errno.EINTR) {
        throw system.failure("fallocate");
      }
    }
    return true;
  }

  /**
   * Maps a part of a file, to be seen alone, or to be written as well; see {@link FileMapping}.
   *
   * @param offset in the file, in whole pages
   * @param length in bytes, more than 0
   */
  public FileMapping map(int fd, long offset, long length, boolean writable)
      throws SystemCallException {
    return FileMapping.of(system, fd, offset, length, writable);
  }

  /** fsync(2). */
  public void sync(int fd) throws SystemCallException {
    system.sync(fd);
  }

  /** The access mode of a descriptor, and whether it bypasses the page cache. */
  public int access(int fd) throws SystemCallException {
    return system.flags(fd) & (OpenFlags.WRITE_ONLY | OpenFlags.READ_WRITE | OpenFlags.DIRECT);
  }

  /** The size of a file in bytes. */
  public long size(int fd) throws SystemCallException {
    return system.status(fd).size();
  }

  /** How many bytes of storage a file takes by now (stx_blocks of statx(2)). */
  public long allocated(int fd) throws SystemCallException {
    return system.status(fd).allocated();
  }

  /** Which file it is, by what statx(2) says. */
  public FileIdentity identity(int fd) throws SystemCallException {
    FileStatus status = system.status(fd);
    return FileIdentity.of(status.device(), status.inode());
  }

  /** Which file the kernel says it is where it is mapped: see {@link FileIdentity}. */
  public FileIdentity identityWhenMapped(int fd) throws IOException {
    return new OwnMapping(system).of(fd);
  }

  /** The size of a page of memory in bytes (getpagesize(2)). */
  public int pageSize() throws SystemCallException {
    return system.libc().getpagesize();
  }
}
