/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.stillframe.spi.SystemCallException;

/**
 * Sets up a ring with what the kernel grants of the flags that help.
 *
 * <p>SINGLE_ISSUER and DEFER_TASKRUN are not among them. They bind the ring to one thread: any
 * other that closed the queue could not wait for what is in flight. What they would save was not
 * measured.
 */
final class RingSetup {
  /**
   * The newest first, as they are given up: nobody is interrupted for a completion that he will
   * collect anyway, and the flag which says that there is one (5.19); an entry that is refused does
   * not hold up those behind it (5.18).
   */
  private static final int[] WISHES = {
    Uapi.SETUP_COOP_TASKRUN | Uapi.SETUP_TASKRUN_FLAG, Uapi.SETUP_SUBMIT_ALL
  };

  private final SystemCalls calls;
  private final ByteBuffer params =
      ByteBuffer.allocateDirect(Uapi.Params.BYTES).order(ByteOrder.nativeOrder());

  RingSetup(SystemCalls calls) {
    this.calls = calls;
  }

  /**
   * A new ring's descriptor; {@link #params} then says what was made.
   *
   * @throws SystemCallException if the kernel refuses whatever the flags
   */
  int open(int entries) throws SystemCallException {
    int fd = attempt(entries);
    if (fd < 0) {
      throw calls.failure("io_uring_setup", fd);
    }
    return fd;
  }

  /** As {@link #open}; a failure is returned as the negated error number. */
  int attempt(int entries) {
    int flags = 0;
    for (int wish : WISHES) {
      flags |= wish;
    }
    int fd = attempt(entries, flags);
    for (int i = 0; fd == -SystemCalls.EINVAL && i < WISHES.length; i++) {
      flags &= ~WISHES[i];
      fd = attempt(entries, flags);
    }
    return fd;
  }

  private int attempt(int entries, int flags) {
    for (int i = 0; i < Uapi.Params.BYTES; i++) {
      params.put(i, (byte) 0);
    }
    params.putInt(Uapi.Params.FLAGS, flags);
    return calls.setup(entries, calls.addressOf(params));
  }

  /** A field of struct io_uring_params as the kernel left it. */
  int params(int field) {
    return params.getInt(field);
  }
}
