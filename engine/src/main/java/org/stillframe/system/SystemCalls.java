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

  // struct msghdr of 64-bit systems, and what carries one descriptor: cmsg(3).
  private static final int MESSAGE_LENGTH = 56;
  private static final int CONTROL_HEADER = 16;
  private static final int CONTROL_LENGTH = 24;

  private static final int HERE = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int RENAME_NOREPLACE = 1;
  private static final int F_GETFL = 3;
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

  private volatile Libc libc;

  Libc libc() throws SystemCallException {
    Libc known = libc;
    if (known == null) {
      try {
        known = new JffiLibc();
      } catch (LinkageError | RuntimeException e) {
        throw new SystemCallException("dlopen", Errno.ENOSYS, "no C library: " + e);
      }
      libc = known;
    }
    return known;
  }

  /** The failure of {@code call} with the error number that the system left behind. */
  SystemCallException failure(String call) {
    return failure(call, lastError());
  }

  /** The error number that the last call of this thread left behind. */
  int lastError() {
    return libc.errno();
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
    Libc libc = libc();
    ByteBuffer name = cString(path.toString());
    int fd;
    do {
      fd = libc.open(name, flags | OpenFlags.CLOSE_ON_EXEC, mode);
    } while (fd < 0 && libc.errno() == Errno.EINTR);
    Reference.reachabilityFence(name);
    if (fd < 0) {
      throw failure("open");
    }
    return new Descriptor(this, fd, true);
  }

  /** Wraps a descriptor that somebody else owns: closing the wrapper leaves it open. */
  public Descriptor borrowed(int fd) {
    return new Descriptor(this, fd, false);
  }

  /** fstat(2), statfs(2) and statx(2) of an open descriptor. */
  public FileFacts facts(int fd) throws SystemCallException {
    FileStatus status = status(fd);
    ByteBuffer statfs = buffer(STATFS_SIZE);
    boolean known = libc().fstatfs(fd, statfs) == 0;
    Reference.reachabilityFence(statfs);
    return FileFacts.of(status, known ? statfs.getLong(0) : 0);
  }

  /** lseek(2) to the end: the size of a block device, whose st_size is 0. */
  public long seekEnd(int fd) throws SystemCallException {
    long end = libc().lseek(fd, 0, 2);
    if (end < 0) {
      throw failure("lseek");
    }
    return end;
  }

  /** fsync(2), of a file or a directory. */
  public void sync(int fd) throws SystemCallException {
    if (libc().fsync(fd) != 0) {
      throw failure("fsync");
    }
  }

  /** rename(2): atomically, over whatever is there. */
  public void rename(Path from, Path to) throws SystemCallException {
    onNames("rename", from, to, libc()::rename);
  }

  /** renameat2(2) with RENAME_NOREPLACE: fails with EEXIST if the new name is taken. */
  public void renameToFreeName(Path from, Path to) throws SystemCallException {
    Libc libc = libc();
    onNames(
        "renameat2",
        from,
        to,
        (oldName, newName) -> libc.renameat2(HERE, oldName, HERE, newName, RENAME_NOREPLACE));
  }

  /** link(2): a second name for a file; fails with EEXIST if it is taken. */
  public void link(Path from, Path to) throws SystemCallException {
    onNames("link", from, to, libc()::link);
  }

  private interface OnNames {
    int call(ByteBuffer from, ByteBuffer to);
  }

  private void onNames(String call, Path from, Path to, OnNames names) throws SystemCallException {
    ByteBuffer oldName = cString(from.toString());
    ByteBuffer newName = cString(to.toString());
    int result = names.call(oldName, newName);
    Reference.reachabilityFence(oldName);
    Reference.reachabilityFence(newName);
    if (result != 0) {
      throw failure(call);
    }
  }

  /** unlink(2). */
  public void unlink(Path path) throws SystemCallException {
    ByteBuffer name = cString(path.toString());
    int result = libc().unlink(name);
    Reference.reachabilityFence(name);
    if (result != 0) {
      throw failure("unlink");
    }
  }

  /**
   * What is at a path, by lstat(2): a symbolic link is not followed.
   *
   * @return empty if there is nothing
   * @throws SystemCallException EACCES if this user may not know
   */
  public Optional<TargetKind> kindOf(Path path) throws SystemCallException {
    Optional<FileStatus> status = status(path);
    if (status.isPresent()) {
      return Optional.of(FileFacts.kind(status.get().mode()));
    }
    if (lastError() == Errno.EACCES) {
      throw failure("lstat", Errno.EACCES);
    }
    return Optional.empty();
  }

  /** Whether an open descriptor is a regular file of ours that has no other name. */
  public boolean isOwnPrivateFile(int fd) throws SystemCallException {
    FileStatus status = status(fd);
    return FileFacts.kind(status.mode()) == TargetKind.REGULAR
        && status.user() == libc().geteuid()
        && status.links() == 1;
  }

  /** Whether a path names the very file that a descriptor has open. */
  public boolean isFileOfName(int fd, Path path) throws SystemCallException {
    Optional<FileStatus> named = status(path);
    return named.isPresent() && named.get().isSameFile(status(fd));
  }

  /** Whether two descriptors have the same file open, or the same device. */
  public boolean isSameFile(int fd, int other) throws SystemCallException {
    return status(fd).isSameFile(status(other));
  }

  FileStatus status(int fd) throws SystemCallException {
    return status(fd, "", AT_EMPTY_PATH).orElseThrow(() -> failure("statx"));
  }

  /** Of what is at a path; a symbolic link is not followed. Empty on failure. */
  private Optional<FileStatus> status(Path path) throws SystemCallException {
    return status(HERE, path.toString(), AT_SYMLINK_NOFOLLOW);
  }

  private Optional<FileStatus> status(int directory, String path, int flags)
      throws SystemCallException {
    ByteBuffer name = cString(path);
    ByteBuffer statx = buffer(FileStatus.LENGTH);
    int result = libc().statx(directory, name, flags, FileStatus.WANTED, statx);
    Reference.reachabilityFence(name);
    Reference.reachabilityFence(statx);
    return result == 0 ? Optional.of(FileStatus.of(statx)) : Optional.empty();
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
    int flags = libc().fcntl(fd, F_GETFL);
    if (flags < 0) {
      throw failure("fcntl");
    }
    return flags;
  }

  /** ftruncate(2). */
  public void truncate(int fd, long size) throws SystemCallException {
    if (libc().ftruncate(fd, size) != 0) {
      throw failure("ftruncate");
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
    if (libc().flock(fd, 2 | 4) == 0) {
      return true;
    }
    if (lastError() == Errno.EAGAIN) {
      return false;
    }
    throw failure("flock");
  }

  /** Sends bytes over a UNIX socket, with a descriptor for the receiver (SCM_RIGHTS). */
  public int sendWithDescriptor(int socket, ByteBuffer bytes, int fd) throws SystemCallException {
    Libc libc = libc();
    ByteBuffer control = buffer(CONTROL_LENGTH);
    control.putLong(0, CONTROL_HEADER + Integer.BYTES);
    control.putInt(8, SOL_SOCKET).putInt(12, SCM_RIGHTS).putInt(CONTROL_HEADER, fd);
    ByteBuffer vector = buffer(2 * Long.BYTES);
    vector.putLong(0, libc.address(bytes) + bytes.position()).putLong(8, bytes.remaining());
    ByteBuffer message = buffer(MESSAGE_LENGTH);
    message.putLong(16, libc.address(vector)).putLong(24, 1);
    message.putLong(32, libc.address(control)).putLong(40, CONTROL_LENGTH);
    long sent = libc.sendmsg(socket, message, MSG_NOSIGNAL);
    Reference.reachabilityFence(bytes);
    Reference.reachabilityFence(control);
    Reference.reachabilityFence(vector);
    Reference.reachabilityFence(message);
    if (sent < 0) {
      throw failure("sendmsg");
    }
    return (int) sent;
  }

  int socketpair(int[] fds) throws SystemCallException {
    ByteBuffer pair = buffer(2 * Integer.BYTES);
    int result = libc().socketpair(AF_UNIX, SOCK_STREAM_CLOSE_ON_EXEC, 0, pair);
    Reference.reachabilityFence(pair);
    fds[0] = pair.getInt(0);
    fds[1] = pair.getInt(Integer.BYTES);
    return result;
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
    // Linux frees the descriptor even when close fails with EINTR: no second try.
    if (libc().close(fd) != 0 && lastError() != Errno.EINTR) {
      throw failure("close");
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
