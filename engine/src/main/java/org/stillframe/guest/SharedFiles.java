/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;

/**
 * Opens the files that a process has mapped: by /proc/PID/map_files, which takes CAP_SYS_ADMIN or
 * CAP_CHECKPOINT_RESTORE, else by a descriptor that the process has (proc(5)). Stateless.
 */
final class SharedFiles {
  private final FileCalls files;

  SharedFiles(FileCalls files) {
    this.files = files;
  }

  /**
   * Opens the very file that was mapped.
   *
   * @param flags of {@link org.stillframe.system.OpenFlags}
   * @return empty if there is no way to it
   */
  Optional<Descriptor> open(int process, SharedPart part, int flags) throws SystemCallException {
    Path home = Path.of("/proc/" + process);
    Optional<Descriptor> mapped = open(home.resolve("map_files/" + part.area()), part, flags);
    if (mapped.isPresent()) {
      return mapped;
    }
    try (DirectoryStream<Path> all = Files.newDirectoryStream(home.resolve("fd"))) {
      for (Path each : all) {
        // What is opened may be a device or a pipe, and notice it: looked at first.
        if (isInode(each, part.file().inode())) {
          Optional<Descriptor> found = open(each, part, flags);
          if (found.isPresent()) {
            return found;
          }
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return Optional.empty();
    }
    return Optional.empty();
  }

  private static boolean isInode(Path path, long inode) {
    try {
      return Files.isRegularFile(path)
          && Files.getAttribute(path, "unix:ino") instanceof Long found
          && found == inode;
    } catch (IOException e) {
      // It was closed meanwhile.
      return false;
    }
  }

  private Optional<Descriptor> open(Path path, SharedPart part, int flags)
      throws SystemCallException {
    Descriptor file;
    try {
      file = files.open(path, flags);
    } catch (SystemCallException e) {
      return Optional.empty();
    }
    boolean same = false;
    try {
      same = files.identity(file.number()).equals(part.file());
      return same ? Optional.of(file) : Optional.empty();
    } finally {
      if (!same) {
        file.close();
      }
    }
  }
}
