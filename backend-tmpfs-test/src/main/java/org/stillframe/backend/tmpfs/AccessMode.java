/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What a descriptor allows. A file that is opened once more by way of /proc would allow whatever
 * its permissions do, which is not what the caller was given.
 */
record AccessMode(boolean readable, boolean writable) {
  private static final int O_ACCMODE = 03;
  private static final int O_WRONLY = 01;
  private static final int O_RDWR = 02;

  static AccessMode of(int descriptor) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
      if (line.startsWith("flags:")) {
        int mode = Integer.parseInt(line.substring(6).strip(), 8) & O_ACCMODE;
        return new AccessMode(mode != O_WRONLY, mode == O_WRONLY || mode == O_RDWR);
      }
    }
    throw new IOException("/proc/self/fdinfo/" + descriptor + " tells no flags");
  }
}
