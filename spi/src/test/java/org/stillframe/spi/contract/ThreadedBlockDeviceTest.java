/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.storage.LoopDevice;

/** The contract of block devices can be kept by a backend that completes later. */
class ThreadedBlockDeviceTest extends BlockDeviceContract implements ThreadedUnderTest {
  @RegisterExtension static final LoopDevice DEVICE = LoopDevice.ofSectors(4096);

  @Override
  protected LoopDevice device() {
    return DEVICE;
  }
}
