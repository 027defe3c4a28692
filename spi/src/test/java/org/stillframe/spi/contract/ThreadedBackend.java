/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.IOException;
import java.util.Set;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.support.AbstractMigrationBackend;

/**
 * A backend of nothing but the JDK, on which the contract itself is tried: threads carry out what
 * is submitted, and completions come in any order. Thread-safe.
 */
final class ThreadedBackend extends AbstractMigrationBackend {
  private final Mistake mistake;

  ThreadedBackend(Mistake mistake) {
    this.mistake = mistake;
  }

  @Override
  public String name() {
    return "threaded";
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Appraisal appraise(Target target, Set<Capability> wanted) {
    if (wanted.contains(Capability.BYPASS_CACHE)) {
      return Appraisal.refused("it cannot bypass the page cache");
    }
    return target.kind() == TargetKind.REGULAR || target.kind() == TargetKind.BLOCK
        ? Appraisal.onlyByName("it is here to try the contract")
        : Appraisal.refused("a " + target.kind().label() + " is nothing for it");
  }

  @Override
  protected StateFile openAccepted(Target target, OpenMode mode, Set<Capability> wanted)
      throws IOException {
    return new ThreadedStateFile(target, mode, mistake);
  }
}
