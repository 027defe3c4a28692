/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Looks at this process's own map of memory. Thread-safe. */
final class OwnMapping {
  private final SystemCalls system;

  OwnMapping(SystemCalls system) {
    this.system = system;
  }

  /** Maps the beginning of an open file, which is not empty, and tells which file is mapped. */
  FileIdentity of(int fd) throws IOException {
    try (FileChannel file =
        FileChannel.open(Path.of("/proc/self/fd/" + fd), StandardOpenOption.READ)) {
      MappedByteBuffer mapped = file.map(FileChannel.MapMode.READ_ONLY, 0, 1);
      long address = system.libc().address(mapped);
      FileIdentity found = at(address);
      Reference.reachabilityFence(mapped);
      return found;
    }
  }

  private static FileIdentity at(long address) throws IOException {
    for (MappedArea area : MappedArea.of("self")) {
      if (area.holds(address)) {
        return area.file();
      }
    }
    throw new IOException("/proc/self/maps lacks a page that was mapped");
  }
}
