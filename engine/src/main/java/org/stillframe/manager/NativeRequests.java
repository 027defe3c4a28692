/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;

/** What the route native cannot do for a request, told by name. */
final class NativeRequests {
  /** What reports give as the backend. */
  static final String NO_BACKEND = "none";

  private NativeRequests() {}

  static RequestException refused(ErrorCode code, String why, String remedy) {
    return new RequestException(code, "route " + Route.NATIVE, why, remedy);
  }

  static void requireNoBackend(Request request) throws RequestException {
    if (request.backend().isPresent()) {
      throw refused(
          ErrorCode.INVALID_REQUEST,
          "QEMU reads and writes the file itself, and the storage backend "
              + request.backend().get()
              + " is wanted",
          "leave the backend out, or use the route stream");
    }
  }
}
