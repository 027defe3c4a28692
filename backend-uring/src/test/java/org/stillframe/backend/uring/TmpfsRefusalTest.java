/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.nio.file.Path;
import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.spi.contract.RefusalContract;

/** The contract where the page cache is to be bypassed and there is nothing else. */
class TmpfsRefusalTest extends RefusalContract implements UringUnderTest {
  @Override
  public Path directory() {
    return Path.of("/dev/shm");
  }

  @Override
  public Set<Capability> wanted() {
    return Set.of(Capability.BYPASS_CACHE);
  }

  @Override
  protected String reason() {
    return "tmpfs";
  }
}
