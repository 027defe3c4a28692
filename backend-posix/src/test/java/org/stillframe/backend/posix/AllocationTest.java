/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.contract.Bench;

/** A request leaves nothing for the garbage collector. */
class AllocationTest {
  private static final int REQUESTS = 10_000;

  /** Bytes for a request, on average: whoever allocates at all needs 16 for an object. */
  private static final double BOUND = 8;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final IoQueue.Completion none = (tag, transferred, failure) -> {};
  private Bench bench;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench(new PosixTmpfsContractTest());
  }

  @AfterEach
  void tearDown() throws IOException {
    bench.close();
  }

  @Test
  void writesAndReadsOfAFileAllocateNothing() throws IOException {
    StateFile file = bench.opened(bench.file(), OpenMode.WRITE);
    IoQueue queue = bench.queue(file, 1);
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    double perRequest = Double.MAX_VALUE;
    // Until compiled code is in place, escape analysis helps nobody: the best of a few rounds.
    for (int round = 0; round < 5 && perRequest >= BOUND; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < REQUESTS; i++) {
        queue.write(buffer, i * 4096L, i);
        queue.reap(1, none);
        queue.read(buffer, i * 4096L, i);
        queue.reap(1, none);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      perRequest = allocated / (2.0 * REQUESTS);
    }
    assertTrue(perRequest < BOUND, perRequest + " bytes for each request");
  }
}
