/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.nio.file.Path;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.contract.MigrationBackendContract;

/** The contract on a tmpfs, without faults. */
class TmpfsTestContractTest extends MigrationBackendContract {
  @Override
  public MigrationBackend newBackend() {
    return new TmpfsTestBackend();
  }

  @Override
  public Path directory() {
    return Path.of("/dev/shm");
  }

  @Override
  public boolean servesStreams() {
    return false;
  }

  @Override
  public boolean bypassesCache() {
    return false;
  }

  @Override
  public boolean survivesInterrupt() {
    return true;
  }
}
