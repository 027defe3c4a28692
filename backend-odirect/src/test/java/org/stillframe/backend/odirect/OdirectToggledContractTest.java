/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import org.stillframe.spi.MigrationBackend;

/** The contract where the caller's own descriptor is switched to O_DIRECT. */
class OdirectToggledContractTest extends OdirectContractTest {
  @Override
  public MigrationBackend newBackend() {
    return new OdirectBackend(new ReopeningRefused());
  }
}
