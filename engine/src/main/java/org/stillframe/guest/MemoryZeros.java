/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.PresentPages;
import org.stillframe.system.ProcessMemory;
import org.stillframe.system.SystemCalls;

/**
 * Clears pages in QEMU's process that hold something, and touches no others: firmware may stand
 * where a guest had zeros, but memory that was never touched is zero. Used by one thread.
 */
final class MemoryZeros {
  private static final int PAGE = PresentPages.PAGE;

  /** How much is looked at together. */
  private static final long SPAN = 16 << 20;

  private final ProcessMemory memory;
  private final PresentPages present;
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE);
  private final ByteBuffer found = ByteBuffer.allocateDirect(PAGE);

  MemoryZeros(SystemCalls system, int process, PresentPages present) {
    memory = new ProcessMemory(system, process);
    this.present = present;
  }

  /**
   * Clears runs of pages.
   *
   * @param begins addresses, each behind the end before it
   * @param ends addresses
   * @param anonymous whether what was never touched is zero
   */
  void clear(long[] begins, long[] ends, int runs, boolean anonymous) throws SystemCallException {
    long looked = 0;
    boolean any = !anonymous;
    for (int run = 0; run < runs; run++) {
      for (long at = begins[run]; at < ends[run]; ) {
        if (anonymous && at >= looked) {
          looked = Math.min(at + SPAN, ends[runs - 1]);
          any = present.look(at, looked - at) > 0;
        }
        long end = anonymous ? Math.min(looked, ends[run]) : ends[run];
        for (; any && at < end; at += PAGE) {
          if (!anonymous || present.isPresent(at)) {
            clear(at);
          }
        }
        at = end;
      }
    }
  }

  private void clear(long address) throws SystemCallException {
    memory.range(address, PAGE);
    memory.read(found.clear(), 0, PAGE);
    if (!found.equals(zeros.clear())) {
      memory.range(address, PAGE);
      memory.write(zeros, 0, PAGE);
    }
  }
}
