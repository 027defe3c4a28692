/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.nio.ByteBuffer;
import jnr.constants.platform.Errno;
import jnr.constants.platform.Fcntl;
import jnr.constants.platform.OpenFlags;
import jnr.constants.platform.Sysconf;
import jnr.ffi.LibraryLoader;
import jnr.ffi.annotations.Out;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.stillframe.spi.SystemCallException;

/** The C library, loaded on first use. Thread-safe. */
class OdirectNative {
  /** O_ACCMODE of fcntl(2): the bits that hold O_RDONLY, O_WRONLY or O_RDWR. */
  static final int ACCESS_MODE = 3;

  /** FALLOC_FL_KEEP_SIZE of linux/falloc.h. */
  private static final int KEEP_SIZE = 1;

  /** What jnr-posix lacks, or leaves garbage in. */
  public interface Libc {
    /** fcntl(2) with an int. */
    int fcntl(int fd, int command, int argument);

    /** fallocate(2). */
    int fallocate(int fd, int mode, long offset, long length);

    /** ioctl(2) with a pointer. */
    int ioctl(int fd, long request, @Out ByteBuffer argument);
  }

  private record Loaded(POSIX posix, Libc libc, Throwable failure) {}

  private volatile Loaded loaded;

  private Loaded loaded() {
    Loaded known = loaded;
    if (known == null) {
      known = load();
      loaded = known;
    }
    return known;
  }

  private static Loaded load() {
    String system = System.getProperty("os.name");
    if (!"Linux".equals(system)) {
      // Elsewhere the bit means something else, and would be taken without a word.
      return new Loaded(null, null, new UnsupportedOperationException("no O_DIRECT on " + system));
    }
    try {
      return new Loaded(
          POSIXFactory.getNativePOSIX(), LibraryLoader.create(Libc.class).load("c"), null);
    } catch (LinkageError | RuntimeException e) {
      return new Loaded(null, null, e);
    }
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

  /** What a call has answered: a count, or the negative errno of its failure. */
  long answer(long count) {
    return count < 0 ? -errno() : count;
  }

  /** The page size of memory in bytes, and so that of the page cache. */
  int pageSize() {
    return (int) posix().sysconf(Sysconf._SC_PAGESIZE);
  }

  /**
   * Opens what a descriptor stands for once more. The new descriptor has flags of its own: those of
   * the given one, which others may share, stay as they are.
   *
   * @return the descriptor, or the negative errno
   */
  int reopen(int fd, int flags) {
    int own = OpenFlags.O_CLOEXEC.intValue();
    return (int) answer(posix().open("/proc/self/fd/" + fd, flags | own, 0));
  }

  /** The flags of an open file description, by F_GETFL of fcntl(2). */
  int flags(int fd) throws SystemCallException {
    int flags = libc().fcntl(fd, Fcntl.F_GETFL.intValue(), 0);
    if (flags < 0) {
      throw failure("fcntl", errno());
    }
    return flags;
  }

  /**
   * Sets the flags of an open file description, by F_SETFL of fcntl(2).
   *
   * @return 0, or the negative errno
   */
  int setFlags(int fd, int flags) {
    return (int) answer(libc().fcntl(fd, Fcntl.F_SETFL.intValue(), flags));
  }

  /**
   * Writes through the page cache into blocks that the file system has given already. Without that,
   * xfs may put off giving some, and more of them than are written; a direct read that meets such
   * blocks fails with EIO.
   *
   * @return the count of bytes, or the negative errno
   */
  long writeEdge(int fd, ByteBuffer buffer, long length, long offset) {
    // Devices and file systems that do not have it do not put it off either; and what else may be
    // wrong, such as a lack of space, the write itself says.
    libc().fallocate(fd, KEEP_SIZE, offset, length);
    return answer(posix().pwrite(fd, buffer, length, offset));
  }

  void close(int fd) throws SystemCallException {
    if (posix().close(fd) != 0) {
      throw failure("close", errno());
    }
  }

  static boolean isTransient(int errno) {
    return errno == Errno.EINTR.intValue() || errno == Errno.EAGAIN.intValue();
  }

  static SystemCallException failure(String call, int errno) {
    return failure(call, errno, "");
  }

  /** A failure in the system's words, followed by ours. */
  static SystemCallException failure(String call, int errno, String more) {
    Errno known = Errno.valueOf(errno);
    String text =
        known == Errno.__UNKNOWN_CONSTANT__
            ? "error " + errno
            : known.description() + " (" + known.name() + ")";
    return new SystemCallException(call, errno, text + more);
  }
}
