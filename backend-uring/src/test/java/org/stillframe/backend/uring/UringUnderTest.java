/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.contract.BackendUnderTest;

/** What this backend can do through the page cache, on file systems with storage beneath. */
interface UringUnderTest extends BackendUnderTest {
  @Override
  default MigrationBackend newBackend() {
    return new UringBackend();
  }

  @Override
  default boolean servesStreams() {
    return false;
  }

  @Override
  default boolean bypassesCache() {
    return true;
  }

  @Override
  default boolean survivesInterrupt() {
    return true;
  }
}
