/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;

/**
 * Memory for data on its way to or from storage. In pages of 4 KiB a request of 1 MiB is 256 pieces
 * of memory for the driver of the storage, which may split it for that; in a huge page it is one.
 * Thread-safe.
 */
public final class HugePages {
  /** The length of a huge page of x86-64, and of ARM with pages of 4 KiB, in bytes. */
  public static final int SIZE = 2 << 20;

  // From <linux/mman.h>.
  private static final int HUGE_PAGE = 14;
  private static final int COLLAPSE = 25;

  private final SystemCalls system;

  /** Allocates with these. */
  public HugePages(SystemCalls system) {
    this.system = system;
  }

  /**
   * Allocates a direct buffer that begins at a multiple of {@link #SIZE}, in huge pages if the
   * system has them: they are asked for by madvise(2) with MADV_COLLAPSE, since Linux 6.1. Without
   * them all goes on as well, more slowly.
   *
   * @param size in bytes
   * @throws OutOfMemoryError if the JVM has not got the memory
   */
  public ByteBuffer allocate(int size) {
    ByteBuffer all = ByteBuffer.allocateDirect(Math.addExact(size, SIZE - 1));
    ByteBuffer area = all.slice(-all.alignmentOffset(0, SIZE) & SIZE - 1, size);
    try {
      prefer(area);
    } catch (SystemCallException e) {
      // No native calls can be made: whoever needs them for more than this says so.
    }
    return area;
  }

  private void prefer(ByteBuffer area) throws SystemCallException {
    Libc libc = system.libc();
    long address = libc.address(area);
    long whole = area.capacity() & -SIZE;
    // The first call is for kernels that do not know the second: they do it in their own time.
    if (libc.madvise(address, whole, HUGE_PAGE) == 0) {
      libc.madvise(address, whole, COLLAPSE);
    }
    Reference.reachabilityFence(area);
  }
}
