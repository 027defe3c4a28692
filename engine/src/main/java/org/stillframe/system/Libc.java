/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.nio.ByteBuffer;
import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;

/** The C library's functions that jnr-posix lacks, by their own names. */
public interface Libc {
  /** poll(2). */
  int poll(@In @Out ByteBuffer descriptors, long count, int timeoutMillis);

  /** socket(2). */
  int socket(int domain, int type, int protocol);

  /** bind(2). */
  int bind(int fd, @In ByteBuffer address, int length);

  /** connect(2). */
  int connect(int fd, @In ByteBuffer address, int length);

  /** listen(2). */
  int listen(int fd, int backlog);

  /** accept4(2). */
  int accept4(int fd, ByteBuffer address, ByteBuffer length, int flags);

  /** recv(2). */
  @ssize_t
  long recv(int fd, @Out ByteBuffer buffer, @size_t long length, int flags);

  /** send(2). */
  @ssize_t
  long send(int fd, @In ByteBuffer buffer, @size_t long length, int flags);

  /** read(2). */
  @ssize_t
  long read(int fd, @Out ByteBuffer buffer, @size_t long length);

  /** write(2). */
  @ssize_t
  long write(int fd, @In ByteBuffer buffer, @size_t long length);

  /** pread(2). */
  @ssize_t
  long pread(int fd, @Out ByteBuffer buffer, @size_t long length, @off_t long offset);

  /** pwrite(2). */
  @ssize_t
  long pwrite(int fd, @In ByteBuffer buffer, @size_t long length, @off_t long offset);

  /** shutdown(2). */
  int shutdown(int fd, int how);

  /** setsockopt(2). */
  int setsockopt(int fd, int level, int name, @In ByteBuffer value, int length);

  /** getsockopt(2). */
  int getsockopt(int fd, int level, int name, @Out ByteBuffer value, @In @Out ByteBuffer length);

  /** fstatfs(2). */
  int fstatfs(int fd, @Out ByteBuffer result);

  /** statx(2). */
  int statx(int directory, @In ByteBuffer path, int flags, int mask, @Out ByteBuffer result);

  /** renameat2(2), since glibc 2.28. */
  int renameat2(
      int fromDirectory, @In ByteBuffer from, int toDirectory, @In ByteBuffer to, int flags);

  /** fallocate(2). */
  int fallocate(int fd, int mode, @off_t long offset, @off_t long length);

  /** process_vm_readv(2). */
  @ssize_t
  long process_vm_readv(
      int process,
      @In ByteBuffer local,
      @size_t long localCount,
      @In ByteBuffer remote,
      @size_t long remoteCount,
      @size_t long flags);

  /** process_vm_writev(2). */
  @ssize_t
  long process_vm_writev(
      int process,
      @In ByteBuffer local,
      @size_t long localCount,
      @In ByteBuffer remote,
      @size_t long remoteCount,
      @size_t long flags);

  /**
   * mmap(2); -1 if it fails. The address is a pointer because jffi 1.4 passes the offset wrong
   * where all six are numbers.
   */
  long mmap(
      @In Pointer address,
      @size_t long length,
      int protection,
      int flags,
      int fd,
      @off_t long offset);

  /** munmap(2). */
  int munmap(long address, @size_t long length);

  /** madvise(2). */
  int madvise(long address, @size_t long length, int advice);

  /** memfd_create(2), since glibc 2.27. */
  int memfd_create(@In ByteBuffer name, int flags);

  /** posix_fadvise(2); returns the error number. */
  int posix_fadvise(int fd, long offset, long length, int advice);

  /** getrusage(2). */
  int getrusage(int who, @Out ByteBuffer result);
}
