/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.Target;
import org.stillframe.spi.contract.BlockDeviceContract;
import org.stillframe.spi.contract.storage.LoopDevice;

/** The contract past the page cache, on a block device with sectors as large as a page. */
class DirectLargeSectorTest extends BlockDeviceContract implements DirectUringUnderTest {
  @RegisterExtension static final LoopDevice DEVICE = LoopDevice.ofSectors(4096);

  @Override
  protected LoopDevice device() {
    return DEVICE;
  }

  @Override
  public Target.Builder describe(Target.Builder target) {
    return target.directAlignment(DEVICE.sectorSize(), DEVICE.sectorSize());
  }
}
