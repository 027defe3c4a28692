/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.file.Path;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** The same on a ramfs. */
class RamfsRefusalTest extends TmpfsRefusalTest {
  @RegisterExtension static final MountedFileSystem RAMFS = MountedFileSystem.ramfs();

  @Override
  public Path directory() {
    return RAMFS.directory();
  }

  @Override
  protected String reason() {
    return "ramfs";
  }
}
