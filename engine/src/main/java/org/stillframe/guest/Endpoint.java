/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.file.Path;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;

/**
 * Where a QEMU's migration stream comes from or goes to: {@code unix:PATH} or {@code fd:N}.
 *
 * @param path of the socket; null for a descriptor
 * @param number of the descriptor; -1 for a path
 */
public record Endpoint(Path path, int number) {
  /** A UNIX socket by its path. */
  public static Endpoint unix(Path path) {
    return new Endpoint(path, -1);
  }

  /** A pipe or socket that is open in this process. */
  public static Endpoint descriptor(int number) {
    return new Endpoint(null, number);
  }

  /**
   * Reads an endpoint.
   *
   * @throws RequestException INVALID_REQUEST if it is none
   */
  public static Endpoint parse(String text) throws RequestException {
    try {
      if (text.startsWith("unix:") && text.length() > 5) {
        return unix(Path.of(text.substring(5)));
      }
      if (text.startsWith("fd:")) {
        String number = text.substring(3);
        if (number.matches("[0-9]{1,9}")) {
          return descriptor(Integer.parseInt(number));
        }
      }
    } catch (IllegalArgumentException e) {
      throw invalid(text, e);
    }
    throw invalid(text, null);
  }

  private static RequestException invalid(String text, Exception cause) {
    return new RequestException(
        ErrorCode.INVALID_REQUEST,
        "endpoint '" + text + "'",
        "neither a UNIX socket nor the number of a descriptor",
        "write unix:PATH or fd:N",
        cause);
  }

  @Override
  public String toString() {
    return path != null ? "unix:" + path : "fd:" + number;
  }
}
