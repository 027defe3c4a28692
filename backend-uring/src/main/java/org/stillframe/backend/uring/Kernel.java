/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;
import org.stillframe.spi.SystemCallException;

/**
 * The kernel's io_uring: whether there is one for this process, and the calls that reach it.
 * Nothing native is loaded before it is needed, and what was found out is kept, unless it may pass.
 * Thread-safe.
 */
final class Kernel {
  /** What a ring is refused for at one time, and perhaps not at the next. */
  private static final Set<Integer> PASSING =
      Set.of(
          SystemCalls.EINTR,
          SystemCalls.EAGAIN,
          SystemCalls.ENOMEM,
          SystemCalls.ENFILE,
          SystemCalls.EMFILE);

  private final Supplier<SystemCalls> loader;
  private final Supplier<KernelFacts> reader;
  private KernelFacts facts;
  private SystemCalls calls;
  private boolean settled;
  private String refusal;

  /**
   * Creates it.
   *
   * @param loader loads the native calls; a {@link LinkageError} says why it cannot
   * @param reader reads the facts, once
   */
  Kernel(Supplier<SystemCalls> loader, Supplier<KernelFacts> reader) {
    this.loader = loader;
    this.reader = reader;
  }

  private synchronized KernelFacts facts() {
    if (facts == null) {
      facts = reader.get();
    }
    return facts;
  }

  /** Whether a ring can be had, by setting one up. */
  boolean isAvailable() {
    return unavailabilityCause() == null;
  }

  /** Why no ring can be had, as part of a sentence; null if one can. */
  synchronized String unavailabilityCause() {
    if (!settled) {
      settled = true;
      refusal = facts().refusal();
      refusal = refusal == null ? probe() : refusal;
    }
    return refusal;
  }

  /** As {@link #unavailabilityCause()}, by the facts alone wherever these leave no doubt. */
  String presumedCause() {
    String cause = facts().refusal();
    return cause == null && facts().leavesDoubt() ? unavailabilityCause() : cause;
  }

  private String probe() {
    try {
      SystemCalls loaded = calls();
      int fd = new RingSetup(loaded).attempt(1);
      if (fd < 0) {
        settled = !PASSING.contains(-fd);
        return setupFailure(loaded.failure("io_uring_setup", fd)).getMessage();
      }
      loaded.close(fd);
      return null;
    } catch (IOException e) {
      return e.getMessage();
    }
  }

  /**
   * The native calls.
   *
   * @throws IOException if they cannot be loaded
   */
  synchronized SystemCalls calls() throws IOException {
    if (calls == null) {
      try {
        calls = loader.get();
      } catch (LinkageError | RuntimeException e) {
        throw new IOException("the C library cannot be called through JNA: " + e, e);
      }
    }
    return calls;
  }

  /**
   * Sets up a ring.
   *
   * @throws SystemCallException if the system refuses; the message says why
   */
  Ring newRing(int entries) throws IOException {
    try {
      return Ring.open(calls(), entries);
    } catch (SystemCallException e) {
      throw setupFailure(e);
    }
  }

  private SystemCallException setupFailure(SystemCallException e) {
    String text = e.getMessage().substring(e.call().length() + 2);
    return new SystemCallException(e.call(), e.errno(), text + facts().explain(e.errno()));
  }
}
