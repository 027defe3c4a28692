/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * Functions of the C library by their own names, mapped directly: a call makes no garbage.
 * Addresses are longs. Those with variable arguments are called with fixed ones, which the calling
 * conventions of x86-64 and aarch64 Linux allow for integers.
 */
final class Libc {
  private Libc() {}

  /** Binds the functions; to be called before the first of them. */
  static void bind() {
    // The process itself: it holds the C library whatever its file is called.
    Native.register(Libc.class, NativeLibrary.getProcess());
  }

  /** syscall(2). */
  static native long syscall(long number, long a, long b, long c, long d, long e, long f);

  /** mmap(2). */
  static native long mmap(long address, long length, int access, int flags, int fd, long offset);

  /** munmap(2). */
  static native int munmap(long address, long length);

  /** memcpy(3). */
  static native long memcpy(long to, long from, long length);

  /** open(2). */
  static native int open(String path, int flags, int mode);

  /** close(2). */
  static native int close(int fd);

  /** fcntl(2). */
  static native int fcntl(int fd, int command, long argument);

  /** ioctl(2). */
  static native int ioctl(int fd, long request, long argument);

  /** fsync(2). */
  static native int fsync(int fd);

  /** fallocate(2). */
  static native int fallocate(int fd, int mode, long offset, long length);

  /** ftruncate(2). */
  static native int ftruncate(int fd, long size);

  /** statx(2). */
  static native int statx(int directory, String path, int flags, int mask, long result);

  /** getpagesize(2). */
  static native int getpagesize();

  /** strerror(3). */
  static native String strerror(int errno);
}
