/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.ByteBuffer;

/** What a ring and the kernel share, as tests see and change it. */
final class SharedRing {
  private final ByteBuffer params = ByteBuffer.allocate(Uapi.Params.BYTES);
  private ByteBuffer rings;
  private ByteBuffer sqes;

  /**
   * Takes note of a ring.
   *
   * @param made struct io_uring_params as setup left it
   */
  SharedRing(ByteBuffer made) {
    params.order(made.order()).put(made.duplicate().clear()).clear();
  }

  void mapped(long offset, ByteBuffer memory) {
    if (offset == Uapi.OFF_SQES) {
      sqes = memory;
    } else {
      rings = memory;
    }
  }

  int get(int field) {
    return rings.getInt(params.getInt(field));
  }

  void set(int field, int value) {
    rings.putInt(params.getInt(field), value);
  }

  /** Where the entry lies that the submission queue holds at a position. */
  int sqe(int position) {
    int index = position & get(Uapi.Params.SQ_MASK);
    return rings.getInt(params.getInt(Uapi.Params.SQ_ARRAY) + index * 4) * Uapi.Sqe.BYTES;
  }

  ByteBuffer sqes() {
    return sqes;
  }

  /** Where the completion lies that the completion queue holds at a position. */
  int cqe(int position) {
    int index = position & get(Uapi.Params.CQ_MASK);
    return params.getInt(Uapi.Params.CQ_CQES) + index * Uapi.Cqe.BYTES;
  }

  ByteBuffer rings() {
    return rings;
  }
}
