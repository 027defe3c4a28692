/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.Target;
import org.stillframe.spi.contract.BlockDeviceContract;
import org.stillframe.spi.contract.storage.LoopDevice;

/** The contract on a block device with sectors of 4096 bytes. */
class OdirectLargeSectorsDeviceTest extends BlockDeviceContract implements OdirectUnderTest {
  @RegisterExtension static final LoopDevice DEVICE = LoopDevice.ofSectors(4096);

  @Override
  public Target.Builder describe(Target.Builder target) {
    return target.directAlignment(512, 4096);
  }

  @Override
  protected LoopDevice device() {
    return DEVICE;
  }
}
