/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.nio.file.Path;
import org.stillframe.spi.contract.MigrationBackendContract;

/** The contract on the file system of /var/tmp, which is a disk's. */
class PosixContractTest extends MigrationBackendContract implements PosixUnderTest {
  @Override
  public Path directory() {
    return Path.of("/var/tmp");
  }
}
