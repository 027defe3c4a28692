/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** The contract of full file systems can be kept by a backend that completes later. */
class ThreadedFullFileSystemTest extends FullFileSystemContract implements ThreadedUnderTest {
  @RegisterExtension static final MountedFileSystem SMALL = MountedFileSystem.small();

  @Override
  protected MountedFileSystem fileSystem() {
    return SMALL;
  }
}
