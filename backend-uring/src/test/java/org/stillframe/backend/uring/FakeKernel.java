/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A ring in plain memory, whose queues begin where the test likes; every request moves all. */
final class FakeKernel extends ForwardingCalls {
  private static final int ENTRIES = 8;
  private static final int CQES = 64;
  private static final int ARRAY = CQES + 2 * ENTRIES * Uapi.Cqe.BYTES;

  private final int first;
  private final ByteBuffer rings = memory(ARRAY + ENTRIES * Integer.BYTES);
  private final ByteBuffer sqes = memory(ENTRIES * Uapi.Sqe.BYTES);
  private SharedRing shared;

  FakeKernel(int first) {
    this.first = first;
  }

  private static ByteBuffer memory(int length) {
    return ByteBuffer.allocateDirect(length).order(ByteOrder.nativeOrder());
  }

  @Override
  public int setup(int entries, long address) {
    ByteBuffer params = view(address, Uapi.Params.BYTES);
    params.putInt(Uapi.Params.SQ_ENTRIES, ENTRIES).putInt(Uapi.Params.CQ_ENTRIES, 2 * ENTRIES);
    int place = 0;
    for (int field :
        new int[] {
          Uapi.Params.SQ_HEAD,
          Uapi.Params.SQ_TAIL,
          Uapi.Params.SQ_MASK,
          Uapi.Params.SQ_FLAGS,
          Uapi.Params.CQ_HEAD,
          Uapi.Params.CQ_TAIL,
          Uapi.Params.CQ_MASK
        }) {
      params.putInt(field, place);
      place += Integer.BYTES;
    }
    params.putInt(Uapi.Params.SQ_ARRAY, ARRAY).putInt(Uapi.Params.CQ_CQES, CQES);
    shared = new SharedRing(params);
    shared.mapped(Uapi.OFF_RINGS, rings);
    shared.mapped(Uapi.OFF_SQES, sqes);
    shared.set(Uapi.Params.SQ_MASK, ENTRIES - 1);
    shared.set(Uapi.Params.CQ_MASK, 2 * ENTRIES - 1);
    for (int field :
        new int[] {
          Uapi.Params.SQ_HEAD, Uapi.Params.SQ_TAIL, Uapi.Params.CQ_HEAD, Uapi.Params.CQ_TAIL
        }) {
      shared.set(field, first);
    }
    return Integer.MAX_VALUE;
  }

  @Override
  public long map(int ring, long length, long offset) {
    return addressOf(offset == Uapi.OFF_SQES ? sqes : rings);
  }

  @Override
  public int enter(int ring, int toSubmit, int minComplete, int flags) {
    int head = shared.get(Uapi.Params.SQ_HEAD);
    int pending = shared.get(Uapi.Params.SQ_TAIL) - head;
    if (pending != toSubmit) {
      throw new AssertionError(pending + " entries are pending, and not " + toSubmit);
    }
    for (int i = 0; i < toSubmit; i++) {
      int entry = shared.sqe(head + i);
      int tail = shared.get(Uapi.Params.CQ_TAIL);
      int at = shared.cqe(tail);
      rings.putLong(at + Uapi.Cqe.USER_DATA, sqes.getLong(entry + Uapi.Sqe.USER_DATA));
      rings.putInt(at + Uapi.Cqe.RES, sqes.getInt(entry + Uapi.Sqe.LEN));
      shared.set(Uapi.Params.CQ_TAIL, tail + 1);
    }
    shared.set(Uapi.Params.SQ_HEAD, head + toSubmit);
    return toSubmit;
  }

  int get(int field) {
    return shared.get(field);
  }

  @Override
  public int unmap(long address, long length) {
    return 0;
  }

  @Override
  public int close(int fd) {
    return 0;
  }
}
