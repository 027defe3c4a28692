/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.nio.file.Path;
import org.stillframe.spi.Target;
import org.stillframe.spi.contract.RefusalContract;

/** The contract on a tmpfs, where there is nothing to bypass. */
class OdirectRefusalTest extends RefusalContract implements OdirectUnderTest {
  @Override
  public Path directory() {
    return Path.of("/dev/shm");
  }

  @Override
  public Target.Builder describe(Target.Builder target) {
    return target;
  }

  @Override
  protected String reason() {
    return "tmpfs keeps files in memory";
  }
}
