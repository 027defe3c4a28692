/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;

/** What this backend can do past the page cache, with the alignment that statx(2) tells. */
interface DirectUringUnderTest extends UringUnderTest {
  @Override
  default Set<Capability> wanted() {
    return Set.of(Capability.BYPASS_CACHE);
  }

  @Override
  default Target.Builder describe(Target.Builder target) {
    return target.directAlignment(512, 512);
  }
}
