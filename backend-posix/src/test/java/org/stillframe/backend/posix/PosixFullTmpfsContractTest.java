/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.FullFileSystemContract;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** The contract on a tmpfs that is soon full. */
class PosixFullTmpfsContractTest extends FullFileSystemContract implements PosixUnderTest {
  @RegisterExtension static final MountedFileSystem SMALL = MountedFileSystem.smallTmpfs();

  @Override
  protected MountedFileSystem fileSystem() {
    return SMALL;
  }
}
