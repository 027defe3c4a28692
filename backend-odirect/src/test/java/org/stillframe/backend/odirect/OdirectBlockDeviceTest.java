/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.BlockDeviceContract;
import org.stillframe.spi.contract.storage.LoopDevice;

/** The contract on a block device. */
class OdirectBlockDeviceTest extends BlockDeviceContract implements OdirectUnderTest {
  @RegisterExtension static final LoopDevice DEVICE = LoopDevice.ofSectors(512);

  @Override
  protected LoopDevice device() {
    return DEVICE;
  }
}
