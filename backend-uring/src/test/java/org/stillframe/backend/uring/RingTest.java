/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.SystemCallException;

/** A ring's queues, and the flags it is set up with. */
class RingTest {
  private static final int ALL =
      Uapi.SETUP_COOP_TASKRUN | Uapi.SETUP_TASKRUN_FLAG | Uapi.SETUP_SUBMIT_ALL;

  @ParameterizedTest
  @ValueSource(ints = {0, -3, -8, Integer.MAX_VALUE - 4})
  void itsCountersWrapAround(int first) throws IOException {
    FakeKernel kernel = new FakeKernel(first);
    Ring ring = Ring.open(kernel, 8);
    int id = 0;
    int seen = 0;
    for (int round = 0; round < 20; round++) {
      int count = 1 + round % 8;
      for (int i = 0; i < count; i++) {
        ring.push(Uapi.Sqe.OP_READ, 0, 0, 0, 0, 1000 + id, 0, id++);
      }
      ring.enter(count);
      assertEquals(count, ring.ready());
      for (int i = 0; i < count; i++) {
        assertEquals(seen, ring.id(i));
        assertEquals(1000 + seen, ring.result(i));
        seen++;
      }
      ring.advance(count);
      assertEquals(0, ring.underWay() + ring.unsubmitted() + ring.ready());
    }
    assertEquals(first + id, kernel.get(Uapi.Params.SQ_TAIL));
    assertEquals(first + id, kernel.get(Uapi.Params.CQ_HEAD));
    ring.close();
  }

  @Test
  void whatIsTakenBackIsNotSubmitted() throws IOException {
    Ring ring = Ring.open(new FakeKernel(0), 8);
    ring.push(Uapi.Sqe.OP_READ, 0, 0, 0, 0, 7, 0, 1);
    ring.push(Uapi.Sqe.OP_READ, 0, 0, 0, 0, 8, 0, 2);
    ring.retract();
    ring.enter(1);
    assertEquals(List.of(1, 1, 7), List.of(ring.ready(), ring.id(0), ring.result(0)));
  }

  /** A kernel that knows some flags, and keeps a list of what it was asked for. */
  private static final class OldKernel extends ForwardingCalls {
    private final int known;
    private final List<Integer> asked = new ArrayList<>();

    OldKernel(int known) {
      this.known = known;
    }

    @Override
    public int setup(int entries, long params) {
      int flags = view(params, Uapi.Params.BYTES).getInt(Uapi.Params.FLAGS);
      asked.add(flags);
      return (flags & ~known) == 0 ? super.setup(entries, params) : -EINVAL;
    }
  }

  private static List<Integer> asked(int known) throws IOException {
    OldKernel kernel = new OldKernel(known);
    Ring ring = Ring.open(kernel, 4);
    ring.push(Uapi.Sqe.OP_NOP, 0, -1, 0, 0, 0, 0, 3);
    ring.enter(1);
    assertEquals(List.of(1, 3), List.of(ring.ready(), ring.id(0)));
    ring.advance(1);
    assertFalse(ring.isHoldingBack());
    ring.close();
    return kernel.asked;
  }

  @Test
  void flagsAreGivenUpOneByOne() throws IOException {
    assertEquals(List.of(ALL), asked(ALL));
    assertEquals(List.of(ALL, Uapi.SETUP_SUBMIT_ALL), asked(Uapi.SETUP_SUBMIT_ALL));
    assertEquals(List.of(ALL, Uapi.SETUP_SUBMIT_ALL, 0), asked(0));
  }

  @Test
  void whatIsNotForTheFlagsIsNotTriedAgain() {
    List<Integer> asked = new ArrayList<>();
    SystemCalls calls =
        new ForwardingCalls() {
          @Override
          public int setup(int entries, long params) {
            asked.add(entries);
            return -ENOMEM;
          }
        };
    SystemCallException failure =
        assertThrows(SystemCallException.class, () -> Ring.open(calls, 4));
    assertEquals("io_uring_setup: Cannot allocate memory (ENOMEM)", failure.getMessage());
    assertEquals(List.of(4), asked);
  }

  @Test
  void aRingThatCannotBeMappedIsClosed() {
    List<Integer> closed = new ArrayList<>();
    SystemCalls calls =
        new ForwardingCalls() {
          @Override
          public long map(int ring, long length, long offset) {
            return offset == Uapi.OFF_SQES ? -ENOMEM : super.map(ring, length, offset);
          }

          @Override
          public int close(int fd) {
            closed.add(fd);
            return super.close(fd);
          }
        };
    assertThrows(SystemCallException.class, () -> Ring.open(calls, 4));
    assertEquals(1, closed.size());
  }
}
