/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;

/** The memory that a ring shares with the kernel. */
final class MappedRings {
  private final SystemCalls calls;
  private final long ringsAt;
  private final int ringsLength;
  private final long sqesAt;
  private final int sqesLength;

  private MappedRings(
      SystemCalls calls, long ringsAt, int ringsLength, long sqesAt, int sqesLength) {
    this.calls = calls;
    this.ringsAt = ringsAt;
    this.ringsLength = ringsLength;
    this.sqesAt = sqesAt;
    this.sqesLength = sqesLength;
  }

  /** Maps both rings, which are one piece since Linux 5.4, and the entries. */
  static MappedRings of(SystemCalls calls, int fd, RingSetup made) throws SystemCallException {
    int entries = made.params(Uapi.Params.SQ_ENTRIES);
    int ringsLength =
        Math.max(
            made.params(Uapi.Params.SQ_ARRAY) + entries * Integer.BYTES,
            made.params(Uapi.Params.CQ_CQES)
                + made.params(Uapi.Params.CQ_ENTRIES) * Uapi.Cqe.BYTES);
    int sqesLength = entries * Uapi.Sqe.BYTES;
    long rings = calls.map(fd, ringsLength, Uapi.OFF_RINGS);
    if (isError(rings)) {
      throw calls.failure("mmap of a ring", rings);
    }
    long sqes = calls.map(fd, sqesLength, Uapi.OFF_SQES);
    if (isError(sqes)) {
      calls.unmap(rings, ringsLength);
      throw calls.failure("mmap of a ring", sqes);
    }
    return new MappedRings(calls, rings, ringsLength, sqes, sqesLength);
  }

  private static boolean isError(long address) {
    return address < 0;
  }

  ByteBuffer rings() {
    return calls.view(ringsAt, ringsLength);
  }

  ByteBuffer sqes() {
    return calls.view(sqesAt, sqesLength);
  }

  /** Ends the buffers' lives: none may be touched afterwards. */
  void unmap() {
    calls.unmap(sqesAt, sqesLength);
    calls.unmap(ringsAt, ringsLength);
  }
}
