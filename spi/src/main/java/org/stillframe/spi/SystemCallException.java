/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import java.io.IOException;
import java.util.Objects;

/**
 * A system call has failed. The message is the system's own words, for example {@code pwrite: No
 * space left on device (ENOSPC)}.
 */
public final class SystemCallException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String call;
  private final int errno;

  /**
   * Creates the exception.
   *
   * @param call the name of the call, for example {@code pwrite}
   * @param errno the error number, positive
   * @param text the system's words for it, for example {@code No space left on device (ENOSPC)}
   */
  public SystemCallException(String call, int errno, String text) {
    super(call + ": " + text);
    this.call = Objects.requireNonNull(call, "call");
    this.errno = errno;
  }

  /** The name of the call. */
  public String call() {
    return call;
  }

  /** The error number, as in errno(3); positive. */
  public int errno() {
    return errno;
  }
}
