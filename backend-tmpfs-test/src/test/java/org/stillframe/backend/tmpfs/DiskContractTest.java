/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.nio.file.Path;

/** The contract on the file system of /var/tmp, which is a disk's. */
class DiskContractTest extends TmpfsTestContractTest {
  @Override
  public Path directory() {
    return Path.of("/var/tmp");
  }
}
