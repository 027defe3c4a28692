/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** A file of a test's own, opened as a caller of the backend does, with flags of choice. */
final class OpenFile implements Closeable {
  static final int O_RDWR = 2;
  static final Path SELF = Path.of("/proc/self");

  private final SystemCalls calls = NativeCalls.load();
  private final Path path;
  private final int fd;

  private OpenFile(Path path, int flags) throws IOException {
    this.path = path;
    fd = calls.open(path.toString(), O_RDWR | flags);
    if (fd < 0) {
      throw calls.failure("open", fd);
    }
  }

  /** A new, empty file, opened for reading and writing and with more flags. */
  static OpenFile temporary(String directory, int flags) throws IOException {
    return new OpenFile(Files.createTempFile(Path.of(directory), "stillframe-", ".img"), flags);
  }

  Path path() {
    return path;
  }

  int descriptor() {
    return fd;
  }

  Target target() {
    return Target.builder("file:" + path, TargetKind.REGULAR)
        .descriptor(fd)
        .fileSystem("ext4")
        .directAlignment(512, 512)
        .build();
  }

  /** The flags of an open descriptor of this process, as the kernel tells. */
  static int flags(int descriptor) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/fdinfo/" + descriptor))) {
      if (line.startsWith("flags:")) {
        return Integer.parseInt(line.substring(6).strip(), 8);
      }
    }
    throw new IOException("no flags of " + descriptor);
  }

  @Override
  public void close() throws IOException {
    calls.close(fd);
    Files.delete(path);
  }
}
