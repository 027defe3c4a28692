/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import org.stillframe.spi.MigrationBackend;

/** The contract with requests that wait to be reaped and go in pieces and out of order. */
class AsynchronousContractTest extends TmpfsTestContractTest {
  @Override
  public MigrationBackend newBackend() {
    return new TmpfsTestBackend(FaultPlan.random().asynchronous().shortTransfers());
  }
}
