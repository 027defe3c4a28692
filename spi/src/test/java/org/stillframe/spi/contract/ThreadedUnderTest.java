/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import org.stillframe.spi.MigrationBackend;

/** What a threaded backend without mistakes can do. */
interface ThreadedUnderTest extends BackendUnderTest {
  @Override
  default MigrationBackend newBackend() {
    return new ThreadedBackend(Mistake.NONE);
  }

  @Override
  default boolean servesStreams() {
    return false;
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
