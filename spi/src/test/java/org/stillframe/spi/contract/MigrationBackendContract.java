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

/**
 * The contract of a {@link org.stillframe.spi.MigrationBackend}, to be inherited:
 *
 * <pre>{@code
 * class FastContractTest extends MigrationBackendContract {
 *   public MigrationBackend newBackend() {
 *     return new FastBackend();
 *   }
 *   ... what it can do ...
 * }
 * }</pre>
 */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
public abstract class MigrationBackendContract
    implements IdentityContract,
        AppraisalContract,
        OpeningContract,
        StateFileContract,
        TransferContract,
        QueueContract,
        FailureContract,
        StreamContract,
        ModelContract {
  private Bench bench;

  /** For subclasses. */
  protected MigrationBackendContract() {}

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
