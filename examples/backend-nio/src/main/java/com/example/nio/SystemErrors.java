/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.example.nio;

import java.io.IOException;
import java.util.Map;
import org.stillframe.spi.SystemCallException;

/**
 * The error numbers of Linux behind the JDK's exceptions, which carry the system's words alone.
 * Stillframe asks for them, to tell a full file system from a broken one. Words that are not known,
 * or in another language, stay as they are.
 */
final class SystemErrors {
  private record Known(int errno, String name) {}

  private static final Map<String, Known> KNOWN =
      Map.of(
          "Operation not permitted", new Known(1, "EPERM"),
          "Input/output error", new Known(5, "EIO"),
          "Bad file descriptor", new Known(9, "EBADF"),
          "Invalid argument", new Known(22, "EINVAL"),
          "File too large", new Known(27, "EFBIG"),
          "No space left on device", new Known(28, "ENOSPC"),
          "Read-only file system", new Known(30, "EROFS"),
          "Value too large for defined data type", new Known(75, "EOVERFLOW"),
          "Disk quota exceeded", new Known(122, "EDQUOT"));

  private SystemErrors() {}

  static IOException of(String call, IOException failure) {
    String words = failure.getMessage();
    Known known = words == null ? null : KNOWN.get(words);
    if (known == null) {
      return failure;
    }
    SystemCallException named =
        new SystemCallException(call, known.errno(), words + " (" + known.name() + ")");
    named.initCause(failure);
    return named;
  }
}
