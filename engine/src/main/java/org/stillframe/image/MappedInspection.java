/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import org.stillframe.channel.Supervision;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedImage;
import org.stillframe.stream.MappedParser;
import org.stillframe.system.FileCalls;

/** Looks at images of the layout mapped that QEMU itself reads and writes. Thread-safe. */
public final class MappedInspection {
  private final FileCalls files;

  /** Looks with these. */
  public MappedInspection(FileCalls files) {
    this.files = files;
  }

  /**
   * Checks all that an image says of itself.
   *
   * @param target open to be read
   * @param watch is looked at now and then
   * @throws DamagedException if it is cut, damaged or none
   */
  public ImageSummary check(Target target, Supervision.Watch watch) throws StillframeException {
    return parse(target, watch).summary();
  }

  private MappedImage parse(Target target, Supervision.Watch watch) throws StillframeException {
    try {
      return new MappedParser()
          .parse(new DescriptorBytes(files, target, watch), target.kind() == TargetKind.BLOCK);
    } catch (StillframeException e) {
      throw TransferFailures.named(target.name(), e);
    }
  }

  /**
   * Syncs a file that QEMU has written, and checks that everything is in it: QEMU takes a write
   * that was cut short for good, and where nothing was written there is a hole.
   *
   * @param target a regular file that was empty when QEMU began
   * @param live whether the guest ran meanwhile, so that slots may be stale
   * @throws DamagedException if its structure is not whole
   * @throws StorageException if pages are missing
   */
  public ImageSummary settle(Target target, boolean live) throws StillframeException {
    try {
      files.sync(target.descriptor());
      MappedImage image = parse(target, () -> TransferFailures.checkInterrupt(target.name()));
      for (MappedBlock block : image.blocks()) {
        requireStored(target, block);
      }
      if (live) {
        clearStale(target, image);
      }
      return image.summary();
    } catch (SystemCallException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }

  private void clearStale(Target target, MappedImage image) throws SystemCallException {
    StaleSlots slots = new StaleSlots(files, target.descriptor());
    for (MappedBlock block : image.blocks()) {
      slots.clear(block);
    }
    if (slots.found()) {
      files.sync(target.descriptor());
    }
  }

  /** Goes from hole to hole: there are no more of them than runs of pages of zeros. */
  private void requireStored(Target target, MappedBlock block)
      throws SystemCallException, StillframeException {
    int fd = target.descriptor();
    long end = block.end();
    long hole = files.hole(fd, block.position(0));
    while (hole >= 0 && hole < end) {
      long data = files.data(fd, hole);
      long holeEnd = data < 0 ? end : Math.min(data, end);
      requireUnmarked(target, block, hole, holeEnd);
      hole = holeEnd < end ? files.hole(fd, holeEnd) : -1;
    }
  }

  private static void requireUnmarked(Target target, MappedBlock block, long begin, long end)
      throws StorageException {
    long base = block.position(0);
    long from = (begin - base) / block.pageSize();
    long to = (end - base + block.pageSize() - 1) / block.pageSize();
    long missing = block.bitmap().nextSet(from, to);
    if (missing < to) {
      throw new StorageException(
          ErrorCode.STORAGE,
          target.name() + " at byte " + block.position(missing * block.pageSize()),
          "QEMU says that it stored a page of RAM block "
              + block.block().name()
              + " here, and nothing was stored: the storage was full, or failed unnoticed",
          "free some space, or choose another target, and save again");
    }
  }
}
