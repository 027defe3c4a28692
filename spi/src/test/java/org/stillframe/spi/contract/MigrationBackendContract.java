/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

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
public abstract class MigrationBackendContract extends AbstractContract
    implements IdentityContract,
        AppraisalContract,
        OpeningContract,
        StateFileContract,
        TransferContract,
        QueueContract,
        InFlightContract,
        BuffersContract,
        NeighboursContract,
        FailureContract,
        StreamContract,
        ModelContract {
  /** For subclasses. */
  protected MigrationBackendContract() {}
}
