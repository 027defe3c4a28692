/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.MigrationBackendContract;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** The contract past the page cache, on an xfs. */
class DirectXfsContractTest extends MigrationBackendContract implements DirectUringUnderTest {
  @RegisterExtension static final MountedFileSystem XFS = MountedFileSystem.xfs();

  @Override
  public Path directory() {
    return XFS.directory();
  }
}
