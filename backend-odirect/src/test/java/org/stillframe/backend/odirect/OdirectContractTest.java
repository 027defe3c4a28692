/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.nio.file.Path;
import org.stillframe.spi.contract.MigrationBackendContract;

/** The contract on the file system of /var/tmp, which is a disk's, with the smallest sectors. */
class OdirectContractTest extends MigrationBackendContract implements OdirectUnderTest {
  @Override
  public Path directory() {
    return Path.of("/var/tmp");
  }
}
