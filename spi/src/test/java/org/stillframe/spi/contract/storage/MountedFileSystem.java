/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract.storage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file system for the tests of one class, empty when the class begins:
 *
 * <pre>{@code
 * @RegisterExtension static final MountedFileSystem XFS = MountedFileSystem.xfs();
 *
 * public Path directory() {
 *   return XFS.directory();
 * }
 * }</pre>
 */
public final class MountedFileSystem extends HostStorage {
  /** More than mkfs.xfs asks for; the file behind it is sparse. */
  private static final long LARGE = 512L << 20;

  private static final long SMALL = 16L << 20;
  private static final int NO_DEVICE = 0;

  private final String type;
  private final long size;
  private final int sectorSize;
  private Path directory;

  private MountedFileSystem(String type, long size, int sectorSize) {
    this.type = type;
    this.size = size;
    this.sectorSize = sectorSize;
  }

  /** An xfs of 512 MiB on a loop device with sectors of 512 bytes. */
  public static MountedFileSystem xfs() {
    return xfs(512);
  }

  /** An xfs of 512 MiB on a loop device with sectors of {@code sectorSize} bytes: 512 or 4096. */
  public static MountedFileSystem xfs(int sectorSize) {
    return new MountedFileSystem("xfs", LARGE, sectorSize);
  }

  /** An ext4 of 512 MiB on a loop device with sectors of 512 bytes. */
  public static MountedFileSystem ext4() {
    return new MountedFileSystem("ext4", LARGE, 512);
  }

  /** An ext4 of 16 MiB, which is soon full. */
  public static MountedFileSystem small() {
    return new MountedFileSystem("ext4", SMALL, 512);
  }

  /** A tmpfs of 16 MiB, which is soon full. */
  public static MountedFileSystem smallTmpfs() {
    return new MountedFileSystem("tmpfs", SMALL, NO_DEVICE);
  }

  /** A ramfs, which knows no direct I/O and no end. */
  public static MountedFileSystem ramfs() {
    return new MountedFileSystem("ramfs", SMALL, NO_DEVICE);
  }

  /** Where it is mounted. */
  public Path directory() {
    return directory;
  }

  /** Its name, for example {@code xfs}. */
  public String type() {
    return type;
  }

  /**
   * Bytes of one sector of the device below: the alignment that direct I/O needs of offsets and
   * lengths. 0 if there is no device.
   */
  public int sectorSize() {
    return sectorSize;
  }

  @Override
  void make() throws IOException {
    Path point = Files.createTempDirectory(Path.of("/var/tmp"), "stillframe-" + type + "-");
    undo(() -> Files.delete(point));
    if (sectorSize == NO_DEVICE) {
      HostCommand.run("mount", "-t", type, "-o", "size=" + size, type, point.toString());
    } else {
      mountDevice(point);
    }
    undo(() -> unmount(point));
    directory = point;
  }

  private void mountDevice(Path point) throws IOException {
    Path device = LoopDevice.attach(sectorSize, size);
    try {
      HostCommand.run("mkfs." + type, "-q", device.toString());
      HostCommand.run("mount", "-t", type, device.toString(), point.toString());
    } finally {
      // What is mounted stays; the device then goes with it.
      LoopDevice.release(device);
    }
  }

  private static void unmount(Path point) throws IOException {
    try {
      HostCommand.run("umount", point.toString());
    } catch (IOException e) {
      // Somebody has a file open there, which the failure tells; the mount must not stay for that.
      HostCommand.run("umount", "--lazy", point.toString());
      throw e;
    }
  }

  @Override
  public String toString() {
    return "a file system of type " + type;
  }
}
