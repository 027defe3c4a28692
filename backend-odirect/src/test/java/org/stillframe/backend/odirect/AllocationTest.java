/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.contract.BackendUnderTest;
import org.stillframe.spi.contract.Bench;

/** A request leaves nothing for the garbage collector. */
class AllocationTest {
  private static final int REQUESTS = 2000;

  /** Bytes for a request, on average: whoever allocates at all needs 16 for an object. */
  private static final double BOUND = 8;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private final IoQueue.Completion none = (tag, transferred, failure) -> {};
  private Bench bench;

  @AfterEach
  void tearDown() throws IOException {
    bench.close();
  }

  /** Granules of aligned memory, of memory that is not aligned, and edges. */
  @ParameterizedTest
  @CsvSource({"0, 0", "8, 0", "0, 100"})
  void requestsOfAFileAllocateNothing(int skew, int offset) throws IOException {
    assertNothingAllocated(new OdirectContractTest(), skew, offset);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0, 100"})
  void thoseThroughTheCallersDescriptorNeither(int skew, int offset) throws IOException {
    assertNothingAllocated(new OdirectToggledContractTest(), skew, offset);
  }

  private void assertNothingAllocated(BackendUnderTest subject, int skew, int offset)
      throws IOException {
    bench = new Bench(subject);
    StateFile file = bench.opened(bench.file(new byte[1 << 20]), OpenMode.WRITE);
    IoQueue queue = bench.queue(file, 1);
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(16_384).alignedSlice(4096).position(skew).limit(skew + 8192);
    double perRequest = Double.MAX_VALUE;
    // Until compiled code is in place, escape analysis helps nobody: the best of a few rounds.
    for (int round = 0; round < 5 && perRequest >= BOUND; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < REQUESTS; i++) {
        long at = offset + (i % 64) * 8192L;
        queue.write(buffer, at, i);
        queue.reap(1, none);
        queue.read(buffer, at, i);
        queue.reap(1, none);
      }
      long allocated = threads.getCurrentThreadAllocatedBytes() - before;
      perRequest = allocated / (2.0 * REQUESTS);
    }
    assertTrue(perRequest < BOUND, perRequest + " bytes for each request");
  }
}
