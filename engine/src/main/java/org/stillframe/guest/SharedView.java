/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.FileCalls;
import org.stillframe.system.PresentPages;

/**
 * One thread's look at a RAM block that is mapped. What is a hole in its file is never touched,
 * which would make memory of it.
 */
final class SharedView {
  private static final int PAGE = PresentPages.PAGE;

  /** A buffer holds no more; no range that is asked for goes across. */
  private static final int WINDOW = 1 << 30;

  private final FileCalls files;
  private final SharedRam.Block block;
  private final long length;
  private final ByteBuffer[] windows;

  private final DataMap.Extent extent = new DataMap.Extent();

  SharedView(FileCalls files, SharedRam.Block block) {
    this.files = files;
    this.block = block;
    length = block.mapping().length();
    windows = new ByteBuffer[(int) ((length + WINDOW - 1) / WINDOW)];
  }

  /** In bytes. */
  long length() {
    return length;
  }

  /**
   * The memory of a range, which does not go across whole GiB. The buffer is the same for many, and
   * its position and limit are the caller's.
   *
   * @return a buffer in which the range begins at {@link #position}
   */
  ByteBuffer window(long offset) {
    int index = (int) (offset / WINDOW);
    if (windows[index] == null) {
      long begin = (long) index * WINDOW;
      windows[index] = block.mapping().view(begin, (int) Math.min(WINDOW, length - begin));
    }
    return windows[index];
  }

  /** Where an offset of the block is in its {@link #window}. */
  static int position(long offset) {
    return (int) (offset % WINDOW);
  }

  /**
   * Checks that the file reaches so far: behind its end there is neither data nor a hole.
   *
   * @throws GuestException if it has become shorter
   */
  void requireThere(long end) throws GuestException {
    try {
      long there = files.size(block.file().number()) - block.fileOffset();
      if (there < end) {
        throw broken("its file was cut, and lacks " + (end - there) + " bytes", null);
      }
    } catch (SystemCallException e) {
      throw broken(e.getMessage(), e);
    }
  }

  /**
   * Has the system provide the memory of a range, so that it can be touched.
   *
   * @throws GuestException if it cannot
   */
  void provide(long offset, long size) throws GuestException {
    try {
      block.mapping().populate(offset, size);
    } catch (SystemCallException e) {
      throw broken(e.getMessage(), e);
    }
  }

  /**
   * Lets go of a range that will not be touched soon. Who saves a guest would otherwise seem to use
   * as much memory as the guest, and be the first to be ended where the host runs out of it.
   */
  void release(long offset, long size) {
    block.mapping().release(offset, size);
  }

  /** The failure of an access to memory that was there before (SIGBUS). */
  GuestException broken(InternalError e) {
    return broken("it cannot be read any more", e);
  }

  private GuestException broken(String why, Throwable cause) {
    return new GuestException(
        ErrorCode.GUEST,
        "shared memory of RAM block " + block.name(),
        why,
        "see the system's log for memory that is broken or used up",
        cause);
  }

  /** What is at an offset, and how far it goes. See {@link #requireThere}. */
  DataMap.Extent extent(long offset) throws SystemCallException {
    if (!extent.holds(offset)) {
      block.data().look(offset, extent);
    }
    return extent;
  }
}
