/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.example.nio;

import java.nio.file.Path;

/** The contract on a tmpfs. */
class NioTmpfsContractTest extends NioContractTest {
  @Override
  public Path directory() {
    return Path.of("/dev/shm");
  }
}
