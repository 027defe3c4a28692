/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.contract.BackendUnderTest;

/** What this backend can do, wherever it is tested. */
interface PosixUnderTest extends BackendUnderTest {
  @Override
  default MigrationBackend newBackend() {
    return new PosixBackend();
  }

  @Override
  default boolean servesStreams() {
    return true;
  }

  @Override
  default boolean bypassesCache() {
    return false;
  }

  @Override
  default boolean survivesInterrupt() {
    return true;
  }
}
