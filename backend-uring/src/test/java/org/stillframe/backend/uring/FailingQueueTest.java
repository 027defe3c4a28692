/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** A queue that runs out of memory, or whose ring fails, while requests are in flight. */
@Timeout(60)
class FailingQueueTest {
  private static final Set<Capability> DIRECT = Set.of(Capability.BYPASS_CACHE);

  private static StateFile open(SystemCalls calls, OpenFile caller) throws IOException {
    UringBackend backend = new UringBackend(new Kernel(() -> calls, KernelFacts::read));
    return backend.open(caller.target(), OpenMode.WRITE, DIRECT);
  }

  @Test
  void memoryThatIsShortBetweenTwoPiecesFailsTheRequestAlone() throws IOException {
    AtomicBoolean isShort = new AtomicBoolean();
    SystemCalls calls =
        new ForwardingCalls() {
          @Override
          public long addressOf(ByteBuffer direct) {
            if (isShort.get()) {
              throw new OutOfMemoryError("Cannot reserve direct buffer memory");
            }
            return super.addressOf(direct);
          }
        };
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0);
        StateFile file = open(calls, caller);
        IoQueue queue = file.openQueue(2, List.of())) {
      // An edge, and then whole granules from memory that is not aligned.
      queue.write(ByteBuffer.allocateDirect(20_001).position(1), 4000, 5);
      isShort.set(true);
      List<IOException> failures = new ArrayList<>();
      queue.reap(
          1,
          (tag, moved, failure) -> {
            assertEquals(List.of(5L, 96), List.of(tag, moved));
            failures.add(failure);
          });
      isShort.set(false);
      assertInstanceOf(OutOfMemoryError.class, failures.get(0).getCause());
      queue.write(ByteBuffer.allocateDirect(20_001).position(1), 4000, 6);
      queue.reap(1, (tag, moved, failure) -> assertEquals(20_000, moved, "" + failure));
      assertEquals(24_000, file.size());
    }
  }

  /**
   * Refuses every call once it is told to, and notes how many completions there were in the end.
   */
  private static final class FailingRing extends ForwardingCalls {
    private SharedRing shared;
    private boolean failed;
    private int completions = -1;

    @Override
    public int setup(int entries, long params) {
      int fd = super.setup(entries, params);
      shared = new SharedRing(view(params, Uapi.Params.BYTES));
      return fd;
    }

    @Override
    public long map(int ring, long length, long offset) {
      long address = super.map(ring, length, offset);
      shared.mapped(offset, view(address, (int) length));
      return address;
    }

    @Override
    public int enter(int ring, int toSubmit, int minComplete, int flags) {
      return failed ? -ENOMEM : super.enter(ring, toSubmit, minComplete, flags);
    }

    @Override
    public int unmap(long address, long length) {
      if (completions < 0) {
        completions = shared.get(Uapi.Params.CQ_TAIL);
      }
      return super.unmap(address, length);
    }
  }

  @Test
  void aRingThatFailsIsNotReleasedBeforeTheKernelIsDone() throws IOException {
    FailingRing calls = new FailingRing();
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0);
        StateFile file = open(calls, caller)) {
      IoQueue queue = file.openQueue(2, List.of());
      calls.completions = -1;
      ByteBuffer buffer = ByteBuffer.allocateDirect((8 << 20) + 4096).alignedSlice(4096);
      queue.write(buffer.limit(8 << 20), 0, 1);
      calls.failed = true;
      IOException failure = assertThrows(IOException.class, queue::close);
      assertTrue(failure.getMessage().startsWith("io_uring_enter: "), failure.getMessage());
      assertEquals(1, calls.completions);
      assertEquals(8 << 20, file.size());
    }
  }
}
