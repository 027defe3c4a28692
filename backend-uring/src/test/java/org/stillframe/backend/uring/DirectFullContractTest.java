/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.FullFileSystemContract;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** The contract past the page cache, on an ext4 that is soon full. */
class DirectFullContractTest extends FullFileSystemContract implements DirectUringUnderTest {
  @RegisterExtension static final MountedFileSystem SMALL = MountedFileSystem.small();

  @Override
  protected MountedFileSystem fileSystem() {
    return SMALL;
  }
}
