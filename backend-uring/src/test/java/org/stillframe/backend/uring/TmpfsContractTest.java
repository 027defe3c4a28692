/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.file.Path;

/** The contract on a tmpfs, whose page cache nobody bypasses. */
class TmpfsContractTest extends BufferedContractTest {
  @Override
  public Path directory() {
    return Path.of("/dev/shm");
  }

  @Override
  public boolean bypassesCache() {
    return false;
  }
}
