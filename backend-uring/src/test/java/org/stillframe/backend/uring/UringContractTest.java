/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.file.Path;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.contract.MigrationBackendContract;

/** The contract through the page cache, on the file system of /var/tmp, which is a disk's. */
class UringContractTest extends MigrationBackendContract {
  @Override
  public MigrationBackend newBackend() {
    return new UringBackend();
  }

  @Override
  public Path directory() {
    return Path.of("/var/tmp");
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
