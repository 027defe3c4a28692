/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.constants.platform.Errno;
import jnr.constants.platform.OpenFlags;
import jnr.constants.platform.Sysconf;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.stillframe.spi.SystemCallException;

/** The C library, loaded on first use. Thread-safe. */
final class PosixNative {
  static final int POLLIN = 1;
  static final int POLLOUT = 4;

  /** The request of ioctl(2) for a block device's size in bytes, on x86-64 and ARM. */
  static final long BLKGETSIZE64 = 0x8008_1272L;

  /** What jnr-posix lacks, by the functions' own names. */
  public interface Libc {
    /** poll(2). */
    int poll(@In @Out ByteBuffer descriptors, long count, int timeoutMillis);

    /** read(2). */
    @ssize_t
    long read(int fd, @Out ByteBuffer buffer, @size_t long length);

    /** write(2). */
    @ssize_t
    long write(int fd, @In ByteBuffer buffer, @size_t long length);

    /** recv(2). */
    @ssize_t
    long recv(int fd, @Out ByteBuffer buffer, @size_t long length, int flags);

    /** send(2). */
    @ssize_t
    long send(int fd, @In ByteBuffer buffer, @size_t long length, int flags);

    /** sync_file_range(2). */
    int sync_file_range(int fd, long offset, long length, int flags);

    /** ioctl(2) with a pointer. */
    int ioctl(int fd, long request, @Out ByteBuffer argument);

    /** posix_fadvise(2). */
    int posix_fadvise(int fd, long offset, long length, int advice);

    /** syscall(2), for cachestat(2), which the C library has no function for. */
    long syscall(long number, int fd, @In ByteBuffer range, @Out ByteBuffer counts, int flags);
  }

  private record Loaded(POSIX posix, Libc libc, Throwable failure) {}

  private volatile Loaded loaded;

  private Loaded loaded() {
    Loaded known = loaded;
    if (known == null) {
      try {
        known =
            new Loaded(
                POSIXFactory.getNativePOSIX(), LibraryLoader.create(Libc.class).load("c"), null);
      } catch (LinkageError | RuntimeException e) {
        known = new Loaded(null, null, e);
      }
      loaded = known;
    }
    return known;
  }

  boolean isAvailable() {
    return loaded().failure() == null;
  }

  /** Why the library cannot be used; null if it can. */
  Throwable unavailabilityCause() {
    return loaded().failure();
  }

  POSIX posix() {
    return loaded().posix();
  }

  Libc libc() {
    return loaded().libc();
  }

  int errno() {
    return posix().errno();
  }

  /**
   * Opens what a descriptor stands for once more, for writing without blocking. The new descriptor
   * has flags of its own: those of the given one, which others may share, stay as they are.
   *
   * @return -1 if the system does not let us
   */
  int reopenNonBlocking(int fd) {
    int flags =
        OpenFlags.O_WRONLY.intValue()
            | OpenFlags.O_NONBLOCK.intValue()
            | OpenFlags.O_CLOEXEC.intValue();
    return posix().open("/proc/self/fd/" + fd, flags, 0);
  }

  /** The page size of memory in bytes, and so that of the page cache. */
  int pageSize() {
    return (int) posix().sysconf(Sysconf._SC_PAGESIZE);
  }

  static boolean isTransient(int errno) {
    return errno == Errno.EINTR.intValue() || errno == Errno.EAGAIN.intValue();
  }

  static SystemCallException failure(String call, int errno) {
    Errno known = Errno.valueOf(errno);
    String text =
        known == Errno.__UNKNOWN_CONSTANT__
            ? "error " + errno
            : known.description() + " (" + known.name() + ")";
    return new SystemCallException(call, errno, text);
  }

  static ByteBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }
}
