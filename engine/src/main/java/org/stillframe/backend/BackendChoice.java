/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import org.stillframe.spi.Appraisal;
import org.stillframe.spi.MigrationBackend;

/**
 * A backend and what it said of a target.
 *
 * @param forced whether it was asked for by name and not chosen by rank
 */
public record BackendChoice(MigrationBackend backend, Appraisal appraisal, boolean forced) {
  /** The backend and the reason for it, for reports: {@code posix: buffered reads …}. */
  public String explanation() {
    return backend.name()
        + (forced ? " (asked for by name): " : " (rank " + appraisal.rank() + "): ")
        + appraisal.reason();
  }
}
