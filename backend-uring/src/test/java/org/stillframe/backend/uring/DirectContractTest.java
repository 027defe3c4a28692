/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.file.Path;
import org.stillframe.spi.contract.MigrationBackendContract;

/** The contract past the page cache, on the file system of /var/tmp, which is a disk's. */
class DirectContractTest extends MigrationBackendContract implements DirectUringUnderTest {
  @Override
  public Path directory() {
    return Path.of("/var/tmp");
  }
}
