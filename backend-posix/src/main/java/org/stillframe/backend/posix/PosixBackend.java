/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.util.OptionalInt;
import java.util.Set;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.support.AbstractMigrationBackend;

/** Buffered input and output through the host's page cache. Thread-safe. */
public final class PosixBackend extends AbstractMigrationBackend {
  /** Above io_uring through the page cache, which is slower; docs/benchmarks.md has the figures. */
  private static final int RANK = 50;

  private final PosixNative natives = new PosixNative();

  /** Makes the backend; nothing is loaded yet. */
  public PosixBackend() {}

  @Override
  public String name() {
    return "posix";
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public OptionalInt highestRank() {
    return OptionalInt.of(RANK);
  }

  @Override
  public Appraisal appraise(Target target, Set<Capability> wanted) {
    if (wanted.contains(Capability.BYPASS_CACHE)) {
      return Appraisal.refused("it writes through the page cache and cannot bypass it");
    }
    if (wanted.contains(Capability.DIRECT_MAPPED) && !target.kind().seekable()) {
      return Appraisal.refused("a " + target.kind().label() + " has no positions to write to");
    }
    String reason =
        switch (target.kind()) {
          case REGULAR, BLOCK -> "buffered reads and writes at positions";
          case PIPE, SOCKET -> "reads and writes in order";
          default -> null;
        };
    if (reason == null) {
      return Appraisal.refused("a " + target.kind().label() + " holds no image");
    }
    return natives.isAvailable()
        ? Appraisal.accepted(RANK, reason)
        : Appraisal.refused("the C library cannot be called: " + natives.unavailabilityCause());
  }

  @Override
  protected StateFile openAccepted(Target target, OpenMode mode, Set<Capability> wanted) {
    return new PosixStateFile(natives, target, mode);
  }
}
