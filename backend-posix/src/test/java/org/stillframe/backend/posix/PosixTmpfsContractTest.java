/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.nio.file.Path;

/** The contract on a tmpfs. */
class PosixTmpfsContractTest extends PosixContractTest {
  @Override
  public Path directory() {
    return Path.of("/dev/shm");
  }
}
