/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.spi.contract.RefusalContract;

/** The contract where the page cache is to be bypassed. */
class PosixRefusalTest extends RefusalContract implements PosixUnderTest {
  @Override
  public Set<Capability> wanted() {
    return Set.of(Capability.BYPASS_CACHE);
  }

  @Override
  protected String reason() {
    return "page cache";
  }
}
