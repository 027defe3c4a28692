/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

/** The error numbers of errno(3) that are told apart, as this processor family has them. */
public final class Errno {
  /** Not allowed. */
  public static final int EPERM = jnr.constants.platform.Errno.EPERM.intValue();

  /** No such file or directory. */
  public static final int ENOENT = jnr.constants.platform.Errno.ENOENT.intValue();

  /** A signal came. */
  public static final int EINTR = jnr.constants.platform.Errno.EINTR.intValue();

  /** No such open descriptor. */
  public static final int EBADF = jnr.constants.platform.Errno.EBADF.intValue();

  /** It would have to wait. */
  public static final int EAGAIN = jnr.constants.platform.Errno.EAGAIN.intValue();

  /** No permission. */
  public static final int EACCES = jnr.constants.platform.Errno.EACCES.intValue();

  /** The name is taken. */
  public static final int EEXIST = jnr.constants.platform.Errno.EEXIST.intValue();

  /** An argument, or a flag that is not known there. */
  public static final int EINVAL = jnr.constants.platform.Errno.EINVAL.intValue();

  /** The file is as large as files may be. */
  public static final int EFBIG = jnr.constants.platform.Errno.EFBIG.intValue();

  /** No space left. */
  public static final int ENOSPC = jnr.constants.platform.Errno.ENOSPC.intValue();

  /** Bad address. */
  public static final int EFAULT = jnr.constants.platform.Errno.EFAULT.intValue();

  /** No such process. */
  public static final int ESRCH = jnr.constants.platform.Errno.ESRCH.intValue();

  /** Operation not supported. */
  public static final int EOPNOTSUPP = jnr.constants.platform.Errno.EOPNOTSUPP.intValue();

  /** No such device or address; of lseek(2): nothing but a hole follows. */
  public static final int ENXIO = jnr.constants.platform.Errno.ENXIO.intValue();

  /** The path is too long. */
  public static final int ENAMETOOLONG = jnr.constants.platform.Errno.ENAMETOOLONG.intValue();

  /** The system has no such call. */
  public static final int ENOSYS = jnr.constants.platform.Errno.ENOSYS.intValue();

  /** The address is taken. */
  public static final int EADDRINUSE = jnr.constants.platform.Errno.EADDRINUSE.intValue();

  /** The other end went before it was let in. */
  public static final int ECONNABORTED = jnr.constants.platform.Errno.ECONNABORTED.intValue();

  /** Nobody listens. */
  public static final int ECONNREFUSED = jnr.constants.platform.Errno.ECONNREFUSED.intValue();

  /** A socket of another type. */
  public static final int EPROTOTYPE = jnr.constants.platform.Errno.EPROTOTYPE.intValue();

  /** The quota is used up. */
  public static final int EDQUOT = jnr.constants.platform.Errno.EDQUOT.intValue();

  private Errno() {}

  /** Whether it says that the storage has no room left: space, quota or file size. */
  public static boolean isFull(int errno) {
    return errno == ENOSPC || errno == EDQUOT || errno == EFBIG;
  }
}
