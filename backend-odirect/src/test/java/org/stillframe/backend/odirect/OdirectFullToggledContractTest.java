/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.contract.FullFileSystemContract;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** The contract on an ext4 that is soon full, through the caller's own descriptor. */
class OdirectFullToggledContractTest extends FullFileSystemContract implements OdirectUnderTest {
  @RegisterExtension static final MountedFileSystem SMALL = MountedFileSystem.small();

  @Override
  public MigrationBackend newBackend() {
    return new OdirectBackend(new ReopeningRefused());
  }

  @Override
  protected MountedFileSystem fileSystem() {
    return SMALL;
  }
}
