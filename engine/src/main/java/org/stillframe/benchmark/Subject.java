/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;

/**
 * A backend that is measured, and how it is asked to work.
 *
 * @param wanted what is asked of it; it has accepted the target with this
 */
public record Subject(MigrationBackend backend, Set<Capability> wanted) {
  boolean bypassCache() {
    return wanted.contains(Capability.BYPASS_CACHE);
  }
}
