/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;

/** The contract with large sectors, and chosen by name without a word of bypassing. */
class OdirectCoarseAlignmentContractTest extends OdirectContractTest {
  @Override
  public Set<Capability> wanted() {
    return Set.of();
  }

  @Override
  public Target.Builder describe(Target.Builder target) {
    return target.directAlignment(4096, 16384);
  }
}
