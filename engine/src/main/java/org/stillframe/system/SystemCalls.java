/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Optional;
import jnr.constants.platform.Fcntl;
import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;
import jnr.posix.CmsgHdr;
import jnr.posix.FileStat;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;

/**
 * System calls on files and descriptors, each failing with the system's own words. The native
 * library is loaded by the first use, not by the constructor. Thread-safe.
 */
public final class SystemCalls {
  private static final int SOL_SOCKET = 1;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int STATX_SIZE = 256;
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM_CLOSE_ON_EXEC = 1 | 0x80000;

  /** POLLIN of poll(2). */
  static final int READABLE = 1;

  /** POLLOUT of poll(2). */
  static final int WRITABLE = 4;

  /** Bytes of poll(2)'s record of a descriptor. */
  static final int POLL_LENGTH = 8;

  private static final int STATFS_SIZE = 120;
  private static final int RUSAGE_SIZE = 144;

  private volatile Natives natives;

  private record Natives(POSIX posix, Libc libc) {}

  private Natives natives() throws SystemCallException {
    Natives known = natives;
    if (known == null) {
      try {
        known =
            new Natives(POSIXFactory.getNativePOSIX(), LibraryLoader.create(Libc.class).load("c"));
      } catch (LinkageError | RuntimeException e) {
        throw new SystemCallException("dlopen", Errno.ENOSYS, "no C library: " + e);
      }
      natives = known;
    }
    return known;
  }

  Libc libc() throws SystemCallException {
    return natives().libc();
  }

  POSIX posix() throws SystemCallException {
    return natives().posix();
  }

  /** The failure of {@code call} with the error number that the system left behind. */
  SystemCallException failure(String call) {
    return failure(call, Runtime.getSystemRuntime().getLastError());
  }

  /** The error number that the last call of this thread left behind. */
  int lastError() {
    return Runtime.getSystemRuntime().getLastError();
  }

  /** The failure of {@code call} in the system's own words for {@code errno}. */
  public static SystemCallException failure(String call, int errno) {
    jnr.constants.platform.Errno known = jnr.constants.platform.Errno.valueOf(errno);
    String text =
        known == jnr.constants.platform.Errno.__UNKNOWN_CONSTANT__
            ? "error " + errno
            : known.description() + " (" + known.name() + ")";
    return new SystemCallException(call, errno, text);
  }

  /** Opens a path; see {@link OpenFlags}. */
  public Descriptor open(Path path, int flags, int mode) throws SystemCallException {
    POSIX posix = posix();
    int fd;
    do {
      fd = posix.open(path.toString(), flags | OpenFlags.CLOSE_ON_EXEC, mode);
    } while (fd < 0 && posix.errno() == Errno.EINTR);
    if (fd < 0) {
      throw failure("open", posix.errno());
    }
    return new Descriptor(this, fd, true);
  }

  /** Wraps a descriptor that somebody else owns: closing the wrapper leaves it open. */
  public Descriptor borrowed(int fd) {
    return new Descriptor(this, fd, false);
  }

  /** fstat(2), statfs(2) and statx(2) of an open descriptor. */
  public FileFacts facts(int fd) throws SystemCallException {
    FileStat stat = stat(fd);
    long fileSystem = 0;
    ByteBuffer statfs = buffer(STATFS_SIZE);
    if (libc().fstatfs(fd, statfs) == 0) {
      fileSystem = statfs.getLong(0);
    }
    Reference.reachabilityFence(statfs);
    ByteBuffer itself = cString("");
    ByteBuffer statx = buffer(STATX_SIZE);
    boolean known = libc().statx(fd, itself, FileFacts.AT_EMPTY_PATH, FileFacts.MASK, statx) == 0;
    Reference.reachabilityFence(itself);
    Reference.reachabilityFence(statx);
    return FileFacts.of(
        stat.mode(), stat.st_size(), (int) stat.blockSize(), fileSystem, known ? statx : null);
  }

  /** lseek(2) to the end: the size of a block device, whose st_size is 0. */
  public long seekEnd(int fd) throws SystemCallException {
    POSIX posix = posix();
    long end = posix.lseekLong(fd, 0, 2);
    if (end < 0) {
      throw failure("lseek", posix.errno());
    }
    return end;
  }

  /** fsync(2), of a file or a directory. */
  public void sync(int fd) throws SystemCallException {
    POSIX posix = posix();
    if (posix.fsync(fd) != 0) {
      throw failure("fsync", posix.errno());
    }
  }

  /** rename(2): atomically, over whatever is there. */
  public void rename(Path from, Path to) throws SystemCallException {
    POSIX posix = posix();
    if (posix.rename(from.toString(), to.toString()) != 0) {
      throw failure("rename", posix.errno());
    }
  }

  /** renameat2(2) with RENAME_NOREPLACE: fails with EEXIST if the new name is taken. */
  public void renameToFreeName(Path from, Path to) throws SystemCallException {
    int here = -100;
    ByteBuffer oldName = cString(from.toString());
    ByteBuffer newName = cString(to.toString());
    int result = libc().renameat2(here, oldName, here, newName, 1);
    Reference.reachabilityFence(oldName);
    Reference.reachabilityFence(newName);
    if (result != 0) {
      throw failure("renameat2");
    }
  }

  /** link(2): a second name for a file; fails with EEXIST if it is taken. */
  public void link(Path from, Path to) throws SystemCallException {
    POSIX posix = posix();
    if (posix.link(from.toString(), to.toString()) != 0) {
      throw failure("link", posix.errno());
    }
  }

  /** unlink(2). */
  public void unlink(Path path) throws SystemCallException {
    POSIX posix = posix();
    if (posix.unlink(path.toString()) != 0) {
      throw failure("unlink", posix.errno());
    }
  }

  /**
   * What is at a path, by lstat(2): a symbolic link is not followed.
   *
   * @return empty if there is nothing
   * @throws SystemCallException EACCES if this user may not know
   */
  public Optional<TargetKind> kindOf(Path path) throws SystemCallException {
    POSIX posix = posix();
    FileStat stat = posix.allocateStat();
    if (posix.lstat(path.toString(), stat) == 0) {
      return Optional.of(FileFacts.kind(stat.mode()));
    }
    if (posix.errno() == Errno.EACCES) {
      throw failure("lstat", Errno.EACCES);
    }
    return Optional.empty();
  }

  /** Whether an open descriptor is a regular file of ours that has no other name. */
  public boolean isOwnPrivateFile(int fd) throws SystemCallException {
    POSIX posix = posix();
    FileStat stat = stat(fd);
    return FileFacts.kind(stat.mode()) == TargetKind.REGULAR
        && stat.uid() == posix.geteuid()
        && stat.nlink() == 1;
  }

  /** Whether a path names the very file that a descriptor has open. */
  public boolean isFileOfName(int fd, Path path) throws SystemCallException {
    POSIX posix = posix();
    FileStat named = posix.allocateStat();
    if (posix.lstat(path.toString(), named) != 0) {
      return false;
    }
    FileStat open = stat(fd);
    return open.dev() == named.dev() && open.ino() == named.ino();
  }

  FileStat stat(int fd) throws SystemCallException {
    POSIX posix = posix();
    FileStat stat = posix.allocateStat();
    if (posix.fstat(fd, stat) != 0) {
      throw failure("fstat", posix.errno());
    }
    return stat;
  }

  /** The access mode of a descriptor: one of the first three of {@link OpenFlags}. */
  public int accessMode(int fd) throws SystemCallException {
    return flags(fd) & 3;
  }

  /** Whether what is written to a descriptor goes to the end, whatever the position (O_APPEND). */
  public boolean appends(int fd) throws SystemCallException {
    return (flags(fd) & OpenFlags.APPEND) != 0;
  }

  /** What fcntl(2) says with F_GETFL; see {@link OpenFlags}. */
  public int flags(int fd) throws SystemCallException {
    POSIX posix = posix();
    int flags = posix.fcntl(fd, Fcntl.F_GETFL);
    if (flags < 0) {
      throw failure("fcntl", posix.errno());
    }
    return flags;
  }

  /** ftruncate(2). */
  public void truncate(int fd, long size) throws SystemCallException {
    POSIX posix = posix();
    if (posix.ftruncate(fd, size) != 0) {
      throw failure("ftruncate", posix.errno());
    }
  }

  /**
   * Drops what the page cache holds of a file, as far as it is stored (posix_fadvise(2) with
   * POSIX_FADV_DONTNEED). A file system that has nothing but the cache keeps it.
   */
  public void dropFromCache(int fd) throws SystemCallException {
    int errno = libc().posix_fadvise(fd, 0, 0, 4);
    if (errno != 0) {
      throw failure("posix_fadvise", errno);
    }
  }

  /** What this process has used so far, by getrusage(2). */
  public ResourceUse resourceUse() throws SystemCallException {
    ByteBuffer usage = buffer(RUSAGE_SIZE);
    int result = libc().getrusage(0, usage);
    Reference.reachabilityFence(usage);
    if (result != 0) {
      throw failure("getrusage");
    }
    return ResourceUse.of(usage);
  }

  /** flock(2), without waiting: whether the exclusive lock was had. */
  public boolean tryLock(int fd) throws SystemCallException {
    POSIX posix = posix();
    if (posix.flock(fd, 2 | 4) == 0) {
      return true;
    }
    if (posix.errno() == Errno.EAGAIN) {
      return false;
    }
    throw failure("flock", posix.errno());
  }

  /** Sends bytes over a UNIX socket, with a descriptor for the receiver (SCM_RIGHTS). */
  public int sendWithDescriptor(int socket, ByteBuffer bytes, int fd) throws SystemCallException {
    POSIX posix = posix();
    MsgHdr message = posix.allocateMsgHdr();
    message.setIov(new ByteBuffer[] {bytes});
    CmsgHdr control = message.allocateControl(Integer.BYTES);
    control.setLevel(SOL_SOCKET);
    control.setType(SCM_RIGHTS);
    ByteBuffer data = buffer(Integer.BYTES);
    data.putInt(0, fd);
    control.setData(data);
    int sent = posix.sendmsg(socket, message, MSG_NOSIGNAL);
    Reference.reachabilityFence(bytes);
    Reference.reachabilityFence(control);
    Reference.reachabilityFence(message);
    if (sent < 0) {
      throw failure("sendmsg", posix.errno());
    }
    return sent;
  }

  int socketpair(int[] fds) throws SystemCallException {
    return posix().socketpair(AF_UNIX, SOCK_STREAM_CLOSE_ON_EXEC, 0, fds);
  }

  /**
   * Waits until a descriptor is ready, or has failed or closed, which the next call then tells.
   *
   * @return false if the time passed first, or a signal came
   */
  boolean await(int fd, int events, int timeoutMillis) throws SystemCallException {
    return await(buffer(POLL_LENGTH), fd, events, timeoutMillis);
  }

  /**
   * As {@link #await(int, int, int)}, with {@link #POLL_LENGTH} bytes of the caller's: who waits
   * often makes no garbage.
   */
  boolean await(ByteBuffer poll, int fd, int events, int timeoutMillis) throws SystemCallException {
    poll.putInt(0, fd).putShort(4, (short) events).putShort(6, (short) 0);
    int ready = libc().poll(poll, 1, timeoutMillis);
    // Unless it is held on to, the collector may free the buffer while the system waits to write
    // into it: what is there by then is overwritten. The same holds wherever a fence stands.
    Reference.reachabilityFence(poll);
    if (ready < 0 && lastError() != Errno.EINTR) {
      throw failure("poll");
    }
    return ready > 0;
  }

  void close(int fd) throws SystemCallException {
    POSIX posix = posix();
    // Linux frees the descriptor even when close fails with EINTR: no second try.
    if (posix.close(fd) != 0 && posix.errno() != Errno.EINTR) {
      throw failure("close", posix.errno());
    }
  }

  static ByteBuffer buffer(int size) {
    return ByteBuffer.allocateDirect(size).order(ByteOrder.nativeOrder());
  }

  static ByteBuffer cString(String text) {
    byte[] bytes = text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
    return buffer(bytes.length + 1).put(bytes).put((byte) 0).flip();
  }
}
