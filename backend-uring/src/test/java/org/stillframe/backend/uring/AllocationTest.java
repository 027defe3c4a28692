/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** A request leaves nothing for the garbage collector. */
class AllocationTest {
  private static final int REQUESTS = 10_000;

  /** Bytes for a request, on average: whoever allocates at all needs 16 for an object. */
  private static final double BOUND = 8;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final IoQueue.Completion whole =
      (tag, transferred, failure) -> {
        if (failure != null || transferred != 4096) {
          throw new AssertionError("request " + tag + ": " + transferred, failure);
        }
      };

  @ParameterizedTest
  @ValueSource(strings = {"cached", "direct", "registered"})
  void writesAndReadsAllocateNothing(String way) throws IOException {
    Set<Capability> wanted = way.equals("cached") ? Set.of() : Set.of(Capability.BYPASS_CACHE);
    ByteBuffer buffer = ByteBuffer.allocateDirect(8192).alignedSlice(4096).limit(4096);
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0);
        StateFile file = new UringBackend().open(caller.target(), OpenMode.WRITE, wanted);
        IoQueue queue = file.openQueue(4, way.equals("registered") ? List.of(buffer) : List.of())) {
      double perRequest = Double.MAX_VALUE;
      // Until compiled code is in place, escape analysis helps nobody: the best of a few rounds.
      for (int round = 0; round < 5 && perRequest >= BOUND; round++) {
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < REQUESTS; i++) {
          long offset = i % 256 * 4096L;
          queue.write(buffer, offset, i);
          queue.reap(1, whole);
          queue.read(buffer, offset, i);
          queue.reap(1, whole);
        }
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        perRequest = allocated / (2.0 * REQUESTS);
      }
      assertTrue(perRequest < BOUND, perRequest + " bytes for each request");
    }
  }
}
