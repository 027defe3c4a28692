/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.FullFileSystemContract;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** The contract on an ext4 that is soon full. */
class OdirectFullContractTest extends FullFileSystemContract implements OdirectUnderTest {
  @RegisterExtension static final MountedFileSystem SMALL = MountedFileSystem.small();

  @Override
  protected MountedFileSystem fileSystem() {
    return SMALL;
  }
}
