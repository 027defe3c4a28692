/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.example.nio;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.contract.BlockDeviceContract;
import org.stillframe.spi.contract.storage.LoopDevice;

/** The contract on a block device, which is a loop device; needs root. */
class NioBlockDeviceTest extends BlockDeviceContract {
  @RegisterExtension static final LoopDevice DEVICE = LoopDevice.ofSectors(512);

  @Override
  protected LoopDevice device() {
    return DEVICE;
  }

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
