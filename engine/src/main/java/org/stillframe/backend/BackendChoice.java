/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.io.IOException;
import java.util.Set;
import org.stillframe.error.RequestException;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;

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

  /**
   * Opens the target that was appraised.
   *
   * @throws IOException as {@link MigrationBackend#open}
   * @throws RequestException UNSUPPORTED if the backend is broken: it throws what it should not
   */
  public StateFile open(Target target, OpenMode mode, Set<Capability> wanted)
      throws IOException, RequestException {
    StateFile file;
    try {
      file =
          ContextLoader.with(
              backend.getClass().getClassLoader(), () -> backend.open(target, mode, wanted));
    } catch (RuntimeException | LinkageError e) {
      throw BackendFaults.thrown(BackendFaults.describe(backend), "it cannot open " + target, e);
    }
    if (file == null) {
      throw BackendFaults.refused(
          BackendFaults.describe(backend),
          "it opened nothing for " + target,
          "repair or remove its jar",
          null);
    }
    return file;
  }

  /** Code of the backend could not be linked when it was needed, after it had opened the target. */
  public RequestException broken(LinkageError e) {
    return BackendFaults.thrown(BackendFaults.describe(backend), "it cannot go on", e);
  }
}
