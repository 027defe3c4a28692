/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The flags of open descriptors, as the kernel tells them. */
final class Flags {
  private Flags() {}

  /** All flags but O_CLOEXEC as F_GETFL has them. */
  static int of(int fd) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + fd))) {
      if (line.startsWith("flags:")) {
        return Integer.parseInt(line.substring(6).strip(), 8);
      }
    }
    throw new IOException("no flags of " + fd);
  }

  static boolean isDirect(int fd) throws IOException {
    return (of(fd) & KernelNumbers.OWN.direct()) != 0;
  }
}
