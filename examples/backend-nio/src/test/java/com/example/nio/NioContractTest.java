/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.example.nio;

import java.nio.file.Path;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.contract.MigrationBackendContract;

/** The contract on the file system of /var/tmp, which is a disk's. */
class NioContractTest extends MigrationBackendContract {
  @Override
  public MigrationBackend newBackend() {
    return new NioBackend();
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
    return false;
  }

  @Override
  public boolean survivesInterrupt() {
    return false;
  }
}
