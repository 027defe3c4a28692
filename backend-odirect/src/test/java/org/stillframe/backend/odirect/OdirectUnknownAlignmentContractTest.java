/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import org.stillframe.spi.Target;

/** The contract where the kernel does not say what direct I/O needs. */
class OdirectUnknownAlignmentContractTest extends OdirectContractTest {
  @Override
  public Target.Builder describe(Target.Builder target) {
    return target.directAlignment(-1, -1);
  }
}
