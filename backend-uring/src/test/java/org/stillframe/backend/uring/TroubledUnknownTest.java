/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import org.stillframe.spi.Target;

/** The same past the page cache, where the kernel does not tell how far it may go by halves. */
class TroubledUnknownTest extends TroubledDirectTest {
  @Override
  public Target.Builder describe(Target.Builder target) {
    return target.directAlignment(-1, -1);
  }
}
