/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import org.stillframe.spi.Target;

/** The contract past the page cache, where the kernel is too old to tell the alignment. */
class UnknownAlignmentContractTest extends DirectContractTest {
  @Override
  public Target.Builder describe(Target.Builder target) {
    return target.directAlignment(-1, -1);
  }
}
