/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.support;

import java.io.IOException;
import java.util.Set;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;

/** A backend that opens what it accepts, and nothing else. Thread-safe if the subclass is. */
public abstract class AbstractMigrationBackend implements MigrationBackend {
  /** For subclasses. */
  protected AbstractMigrationBackend() {}

  @Override
  public final StateFile open(Target target, OpenMode mode, Set<Capability> wanted)
      throws IOException {
    if (target.descriptor() < 0) {
      throw new IllegalArgumentException(target + " has no descriptor");
    }
    Appraisal appraisal = appraise(target, wanted);
    if (!appraisal.isAccepted()) {
      throw new IOException(name() + " cannot open " + target + ": " + appraisal.reason());
    }
    return openAccepted(target, mode, wanted);
  }

  /**
   * Opens a target with a descriptor that {@link #appraise} accepts.
   *
   * @throws IOException if the system refuses; nothing is left open then
   */
  protected abstract StateFile openAccepted(Target target, OpenMode mode, Set<Capability> wanted)
      throws IOException;
}
