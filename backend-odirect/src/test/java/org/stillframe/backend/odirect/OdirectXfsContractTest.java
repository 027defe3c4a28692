/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.MigrationBackendContract;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** The contract on an xfs. */
class OdirectXfsContractTest extends MigrationBackendContract implements OdirectUnderTest {
  @RegisterExtension static final MountedFileSystem XFS = MountedFileSystem.xfs();

  @Override
  public Path directory() {
    return XFS.directory();
  }

  /** About one run in thirty failed while blocks for an edge were given late. */
  @Test
  void noEdgeIsInTheWayOfADirectRead() throws IOException {
    for (int run = 0; run < 30; run++) {
      behavesAsTheModelOfAFile();
    }
  }
}
