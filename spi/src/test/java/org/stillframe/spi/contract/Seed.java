/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.IOException;

/** What makes a run by chance repeatable. */
final class Seed {
  /** The system property that repeats a run. */
  private static final String PROPERTY = "stillframe.contract.seed";

  private Seed() {}

  /** Runs with a seed, and names it if that fails. */
  static void run(Run run) throws IOException {
    long seed = Long.getLong(PROPERTY, System.nanoTime());
    try {
      run.with(seed);
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("with -D" + PROPERTY + "=" + seed + ": " + e.getMessage(), e);
    }
  }

  /** Something that goes by chance. */
  @FunctionalInterface
  interface Run {
    void with(long seed) throws IOException;
  }
}
