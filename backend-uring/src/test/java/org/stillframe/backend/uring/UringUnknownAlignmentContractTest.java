/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import org.stillframe.spi.Target;

/** The contract past the page cache, where the kernel does not tell the alignment. */
class UringUnknownAlignmentContractTest extends UringDirectContractTest {
  @Override
  public Target.Builder describe(Target.Builder target) {
    return target.directAlignment(-1, -1);
  }
}
