/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.nio.file.Path;
import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.Target;
import org.stillframe.spi.contract.MigrationBackendContract;

/** The contract on the file system of /var/tmp, which is a disk's, with the smallest sectors. */
class OdirectContractTest extends MigrationBackendContract {
  @Override
  public MigrationBackend newBackend() {
    return new OdirectBackend();
  }

  @Override
  public Path directory() {
    return Path.of("/var/tmp");
  }

  @Override
  public Set<Capability> wanted() {
    return Set.of(Capability.BYPASS_CACHE);
  }

  @Override
  public Target.Builder describe(Target.Builder target) {
    return target.directAlignment(512, 512);
  }

  @Override
  public boolean servesStreams() {
    return false;
  }

  @Override
  public boolean bypassesCache() {
    return true;
  }

  @Override
  public boolean survivesInterrupt() {
    return true;
  }
}
