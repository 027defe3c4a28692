/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;

/** The contract past the page cache, with the alignment that statx tells on current kernels. */
class UringDirectContractTest extends UringContractTest {
  @Override
  public Set<Capability> wanted() {
    return Set.of(Capability.BYPASS_CACHE);
  }

  @Override
  public Target.Builder describe(Target.Builder target) {
    return target.directAlignment(512, 512);
  }
}
