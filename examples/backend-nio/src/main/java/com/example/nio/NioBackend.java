/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.example.nio;

import java.io.IOException;
import java.util.Set;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.support.AbstractMigrationBackend;

/** Files through {@link java.nio.channels.FileChannel}, with no native code. Thread-safe. */
public final class NioBackend extends AbstractMigrationBackend {
  /** Below the backends of the distribution: they can do more. */
  private static final int RANK = 10;

  /** Called by {@link java.util.ServiceLoader}. */
  public NioBackend() {}

  @Override
  public String name() {
    return "nio";
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public Appraisal appraise(Target target, Set<Capability> wanted) {
    if (wanted.contains(Capability.BYPASS_CACHE)) {
      return Appraisal.refused("it writes through the page cache and cannot bypass it");
    }
    return switch (target.kind()) {
      case REGULAR, BLOCK -> Appraisal.accepted(RANK, "file channels of the JDK");
      default -> Appraisal.refused("it has no way to wait for a " + target.kind().label());
    };
  }

  @Override
  protected StateFile openAccepted(Target target, OpenMode mode, Set<Capability> wanted)
      throws IOException {
    return new NioStateFile(target, mode);
  }
}
