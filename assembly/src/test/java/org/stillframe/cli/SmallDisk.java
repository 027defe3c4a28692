/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small ext4 file system of its own, in a file. Mounting it needs root. */
final class SmallDisk implements AutoCloseable {
  private final Path mountPoint;

  SmallDisk(Path directory, long size) throws IOException, InterruptedException {
    Path disk = directory.resolve("small-disk");
    try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
      file.setLength(size);
    }
    mountPoint = Files.createDirectory(directory.resolve("mnt"));
    HostCommand.run("mkfs.ext4", "-q", disk.toString());
    HostCommand.run("mount", "-o", "loop", disk.toString(), mountPoint.toString());
  }

  Path mountPoint() {
    return mountPoint;
  }

  @Override
  public void close() throws IOException, InterruptedException {
    HostCommand.run("umount", mountPoint.toString());
  }
}
