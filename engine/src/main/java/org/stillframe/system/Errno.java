/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

/** The error numbers of errno(3) that are told apart, as Linux has them on x86-64 and ARM. */
public final class Errno {
  /** Not allowed. */
  public static final int EPERM = 1;

  /** No such file or directory. */
  public static final int ENOENT = 2;

  /** A signal came. */
  public static final int EINTR = 4;

  /** No such open descriptor. */
  public static final int EBADF = 9;

  /** It would have to wait. */
  public static final int EAGAIN = 11;

  /** No permission. */
  public static final int EACCES = 13;

  /** The name is taken. */
  public static final int EEXIST = 17;

  /** An argument, or a flag that is not known there. */
  public static final int EINVAL = 22;

  /** Not a request for this kind of file. */
  public static final int ENOTTY = 25;

  /** The file is as large as files may be. */
  public static final int EFBIG = 27;

  /** No space left. */
  public static final int ENOSPC = 28;

  /** Bad address. */
  public static final int EFAULT = 14;

  /** No such process. */
  public static final int ESRCH = 3;

  /** Operation not supported. */
  public static final int EOPNOTSUPP = 95;

  /** No such device or address; of lseek(2): nothing but a hole follows. */
  public static final int ENXIO = 6;

  /** The path is too long. */
  public static final int ENAMETOOLONG = 36;

  /** The system has no such call. */
  public static final int ENOSYS = 38;

  /** The address is taken. */
  public static final int EADDRINUSE = 98;

  /** The other end went before it was let in. */
  public static final int ECONNABORTED = 103;

  /** Nobody listens. */
  public static final int ECONNREFUSED = 111;

  /** A socket of another type. */
  public static final int EPROTOTYPE = 91;

  /** The quota is used up. */
  public static final int EDQUOT = 122;

  private Errno() {}

  /** Whether it says that the storage has no room left: space, quota or file size. */
  public static boolean isFull(int errno) {
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  }
}
