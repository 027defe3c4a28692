/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.MigrationBackendContract;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** The contract on an xfs. */
class PosixXfsContractTest extends MigrationBackendContract implements PosixUnderTest {
  @RegisterExtension static final MountedFileSystem XFS = MountedFileSystem.xfs();

  @Override
  public Path directory() {
    return XFS.directory();
  }
}
