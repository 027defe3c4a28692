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

  /** For the other routes: what this one alone has is not passed over. */
  static void requireNoChannels(Request request, int asked) throws RequestException {
    if (asked > 0) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          "route " + Route.STREAM,
          "it has one channel, and " + asked + " are wanted",
          "leave the number of channels out, or use the route multifd or native");
    }
  }
}
