/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.file.Path;

/**
 * Where a QEMU listens for QMP: a UNIX socket, as made by {@code -qmp
 * unix:PATH,server=on,wait=off}.
 *
 * @param path the socket's path; the system limits it to 107 bytes, which connecting checks
 */
public record Qmp(Path path) {
  /** The monitor that listens at this path. */
  public static Qmp at(Path socket) {
    return new Qmp(socket);
  }

  /** Refuses an empty path, which names no file. */
  public Qmp {
    if (path.toString().isEmpty()) {
      throw new IllegalArgumentException("the path of a QMP socket is empty");
    }
  }

  /** For example {@code unix:/run/vm1.qmp}. */
  @Override
  public String toString() {
    return "unix:" + path;
  }
}
