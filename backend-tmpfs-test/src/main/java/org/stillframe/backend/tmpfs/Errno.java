/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import org.stillframe.spi.SystemCallException;

/** Errors of storage with the numbers and the words of Linux. Thread-safe, as enums are. */
public enum Errno {
  /** The device reports an error. */
  EIO(5, "Input/output error"),
  /** The descriptor does not allow it. */
  EBADF(9, "Bad file descriptor"),
  /** There is no memory for it. */
  ENOMEM(12, "Cannot allocate memory"),
  /** It is not allowed. */
  EACCES(13, "Permission denied"),
  /** The device is gone. */
  ENODEV(19, "No such device"),
  /** The system does not take it so. */
  EINVAL(22, "Invalid argument"),
  /** Too many files are open. */
  EMFILE(24, "Too many open files"),
  /** The file would become too large. */
  EFBIG(27, "File too large"),
  /** The file system is full. */
  ENOSPC(28, "No space left on device"),
  /** The file system has been remounted after an error. */
  EROFS(30, "Read-only file system"),
  /** The storage does not answer. */
  ETIMEDOUT(110, "Connection timed out"),
  /** The server has forgotten the file. */
  ESTALE(116, "Stale file handle"),
  /** The storage behind the network reports an error. */
  EREMOTEIO(121, "Remote I/O error"),
  /** The user has no more room. */
  EDQUOT(122, "Disk quota exceeded");

  private final int number;
  private final String words;

  Errno(int number, String words) {
    this.number = number;
    this.words = words;
  }

  /** The number, as in errno(3). */
  public int number() {
    return number;
  }

  /** The failure of a system call, for example {@code pwrite: Input/output error (EIO)}. */
  public SystemCallException failureOf(String call) {
    return failureOf(call, "");
  }

  SystemCallException failureOf(String call, String addition) {
    return new SystemCallException(call, number, words + " (" + name() + ")" + addition);
  }

  /** Gives a failure of the JDK, which has the system's words alone, its number back. */
  static IOException of(String call, IOException failure) {
    for (Errno errno : values()) {
      String message = String.valueOf(failure.getMessage());
      if (message.equals(errno.words) || message.endsWith("(" + errno.words + ")")) {
        SystemCallException known = errno.failureOf(call);
        known.initCause(failure);
        return known;
      }
    }
    return failure;
  }
}
