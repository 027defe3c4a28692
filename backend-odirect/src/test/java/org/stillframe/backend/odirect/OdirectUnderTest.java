/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.Target;
import org.stillframe.spi.contract.BackendUnderTest;

/** What this backend can do, wherever it is tested. */
interface OdirectUnderTest extends BackendUnderTest {
  @Override
  default MigrationBackend newBackend() {
    return new OdirectBackend();
  }

  @Override
  default Set<Capability> wanted() {
    return Set.of(Capability.BYPASS_CACHE);
  }

  @Override
  default Target.Builder describe(Target.Builder target) {
    return target.directAlignment(512, 512);
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
