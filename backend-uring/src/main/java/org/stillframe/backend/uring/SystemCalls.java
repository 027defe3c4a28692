/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;

/**
 * What the backend asks of the kernel. Every failure is returned as the negated error number, as
 * the kernel itself does. Thread-safe.
 */
interface SystemCalls {
  int EPERM = 1;
  int EINTR = 4;
  int EIO = 5;
  int EAGAIN = 11;
  int ENOMEM = 12;
  int EBUSY = 16;
  int EINVAL = 22;
  int ENFILE = 23;
  int EMFILE = 24;
  int ENOSYS = 38;
  int ECANCELED = 125;

  /** io_uring_setup(2): a descriptor. */
  int setup(int entries, long params);

  /** io_uring_enter(2): how many entries were submitted. */
  int enter(int ring, int toSubmit, int minComplete, int flags);

  /** io_uring_register(2): 0. */
  int register(int ring, int operation, long argument, int count);

  /** mmap(2) of a ring, shared: an address. */
  long map(int ring, long length, long offset);

  /** munmap(2): 0. */
  int unmap(long address, long length);

  /** Mapped memory as a buffer in the machine's byte order; invalid once it is unmapped. */
  ByteBuffer view(long address, int length);

  /** The address of a direct buffer's first byte, whatever its position. */
  long addressOf(ByteBuffer direct);

  /** memcpy(3). */
  void copy(long to, long from, int length);

  /** The size of a page in bytes. */
  int pageSize();

  /** open(2): a descriptor, closed when another program is executed. */
  int open(String path, int flags);

  /** close(2): 0. */
  int close(int fd);

  /** fcntl(2) F_GETFL: the flags a descriptor was opened with. */
  int flagsOf(int fd);

  /** O_DIRECT, whose value depends on the processor. */
  int directFlag();

  /** fsync(2): 0. */
  int sync(int fd);

  /** fallocate(2) that leaves the size as it is: 0. */
  int reserve(int fd, long offset, long length);

  /** ftruncate(2): 0. */
  int truncate(int fd, long size);

  /** The size in bytes of a regular file, by statx(2). */
  long fileSize(int fd);

  /** The size in bytes of a block device, by ioctl(2) BLKGETSIZE64. */
  long deviceSize(int fd);

  /** The system's words for an error number, for example {@code No such process (ESRCH)}. */
  String words(int errno);

  /** The failure of a call that returned {@code result}, a negated error number. */
  default SystemCallException failure(String call, long result) {
    return new SystemCallException(call, (int) -result, words((int) -result));
  }
}
