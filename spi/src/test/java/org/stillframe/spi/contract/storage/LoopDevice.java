/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract.storage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A block device for the tests of one class, backed by a sparse file under /var/tmp:
 *
 * <pre>{@code
 * @RegisterExtension static final LoopDevice DEVICE = LoopDevice.ofSectors(512);
 * }</pre>
 *
 * <p>It holds zeros when the class begins. Its size is a number of sectors and not of pages, where
 * sectors are smaller than a page: the end of a device is a place for mistakes.
 */
public final class LoopDevice extends HostStorage {
  private static final long SIZE = 32L << 20;

  private final int sectorSize;
  private final long size;
  private Path path;

  LoopDevice(int sectorSize, long size) {
    this.sectorSize = sectorSize;
    this.size = size;
  }

  /** A device with sectors of {@code size} bytes: 512, 1024, 2048 or 4096. */
  public static LoopDevice ofSectors(int size) {
    return new LoopDevice(size, SIZE + 3L * size);
  }

  /** Where it is, for example {@code /dev/loop0}. */
  public Path path() {
    return path;
  }

  /** Bytes of one sector: the alignment that direct I/O needs of offsets and lengths. */
  public int sectorSize() {
    return sectorSize;
  }

  /** Its size in bytes. */
  public long size() {
    return size;
  }

  @Override
  void make() throws IOException {
    path = attach(sectorSize, size);
    undo(this::detach);
  }

  /** Attaches a new device. */
  static Path attach(int sectorSize, long size) throws IOException {
    Path image = Files.createTempFile(Path.of("/var/tmp"), "stillframe-loop-", ".img");
    try {
      try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.allocate(1), size - 1);
      }
      String sectors = Integer.toString(sectorSize);
      return Path.of(
          HostCommand.run("losetup", "--find", "--show", "--sector-size", sectors, "" + image));
    } finally {
      // The device keeps it; so nothing of it is left once the device is gone, whatever happens.
      Files.delete(image);
    }
  }

  /** Lets a device go: at once, or as soon as nobody uses it. */
  static void release(Path device) throws IOException {
    HostCommand.run("losetup", "--detach", device.toString());
  }

  private void detach() throws IOException {
    release(path);
    path = null;
  }

  @Override
  public String toString() {
    return "a loop device of " + size + " bytes in sectors of " + sectorSize;
  }
}
