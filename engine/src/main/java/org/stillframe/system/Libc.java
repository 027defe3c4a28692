/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.nio.ByteBuffer;

/**
 * Functions of the C library, by their own names. Buffers are direct, or null; what is passed is
 * the address of a buffer's position. Thread-safe.
 */
interface Libc {
  /** What the last call of this thread that failed left in errno. */
  int errno();

  /** The address of a direct buffer's first byte, whatever its position. */
  long address(ByteBuffer buffer);

  /** open(2). */
  int open(ByteBuffer path, int flags, int mode);

  /** close(2). */
  int close(int fd);

  /** lseek(2). */
  long lseek(int fd, long offset, int whence);

  /** fsync(2). */
  int fsync(int fd);

  /** ftruncate(2). */
  int ftruncate(int fd, long length);

  /** ioctl(2) with a pointer. */
  int ioctl(int fd, long request, ByteBuffer argument);

  /** fcntl(2) with a command that takes no argument. */
  int fcntl(int fd, int command);

  /** flock(2). */
  int flock(int fd, int operation);

  /** rename(2). */
  int rename(ByteBuffer from, ByteBuffer to);

  /** link(2). */
  int link(ByteBuffer from, ByteBuffer to);

  /** unlink(2). */
  int unlink(ByteBuffer path);

  /** geteuid(2). */
  int geteuid();

  /** getpagesize(2). */
  int getpagesize();

  /** socketpair(2). */
  int socketpair(int domain, int type, int protocol, ByteBuffer descriptors);

  /** sendmsg(2). */
  long sendmsg(int fd, ByteBuffer message, int flags);

  /** poll(2). */
  int poll(ByteBuffer descriptors, long count, int timeoutMillis);

  /** socket(2). */
  int socket(int domain, int type, int protocol);

  /** bind(2). */
  int bind(int fd, ByteBuffer address, int length);

  /** connect(2). */
  int connect(int fd, ByteBuffer address, int length);

  /** listen(2). */
  int listen(int fd, int backlog);

  /** accept4(2). */
  int accept4(int fd, ByteBuffer address, ByteBuffer length, int flags);

  /** recv(2). */
  long recv(int fd, ByteBuffer buffer, long length, int flags);

  /** send(2). */
  long send(int fd, ByteBuffer buffer, long length, int flags);

  /** read(2). */
  long read(int fd, ByteBuffer buffer, long length);

  /** write(2). */
  long write(int fd, ByteBuffer buffer, long length);

  /** pread(2). */
  long pread(int fd, ByteBuffer buffer, long length, long offset);

  /** pwrite(2). */
  long pwrite(int fd, ByteBuffer buffer, long length, long offset);

  /** shutdown(2). */
  int shutdown(int fd, int how);

  /** setsockopt(2). */
  int setsockopt(int fd, int level, int name, ByteBuffer value, int length);

  /** getsockopt(2). */
  int getsockopt(int fd, int level, int name, ByteBuffer value, ByteBuffer length);

  /** fstatfs(2). */
  int fstatfs(int fd, ByteBuffer result);

  /** statx(2). */
  int statx(int directory, ByteBuffer path, int flags, int mask, ByteBuffer result);

  /** renameat2(2), since glibc 2.28. */
  int renameat2(int fromDirectory, ByteBuffer from, int toDirectory, ByteBuffer to, int flags);

  /** fallocate(2). */
  int fallocate(int fd, int mode, long offset, long length);

  /** process_vm_readv(2). */
  long process_vm_readv(
      int process,
      ByteBuffer local,
      long localCount,
      ByteBuffer remote,
      long remoteCount,
      long flags);

  /** process_vm_writev(2). */
  long process_vm_writev(
      int process,
      ByteBuffer local,
      long localCount,
      ByteBuffer remote,
      long remoteCount,
      long flags);

  /** mmap(2); -1 if it fails. */
  long mmap(long address, long length, int protection, int flags, int fd, long offset);

  /** A buffer over memory that is not Java's, and stays as long as it is used. */
  ByteBuffer view(long address, int length);

  /** munmap(2). */
  int munmap(long address, long length);

  /** madvise(2). */
  int madvise(long address, long length, int advice);

  /** memfd_create(2), since glibc 2.27. */
  int memfd_create(ByteBuffer name, int flags);

  /** posix_fadvise(2); returns the error number. */
  int posix_fadvise(int fd, long offset, long length, int advice);

  /** getrusage(2). */
  int getrusage(int who, ByteBuffer result);
}
