/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** Gives each test of a contract its bench, and none of them for ever. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
abstract class AbstractContract implements BackendUnderTest {
  private Bench bench;

  AbstractContract() {}

  @BeforeEach
  void setUpBench() throws IOException {
    bench = new Bench(this);
  }

  @AfterEach
  void clearBench() throws IOException {
    bench.close();
  }

  @Override
  public final Bench bench() {
    return bench;
  }
}
