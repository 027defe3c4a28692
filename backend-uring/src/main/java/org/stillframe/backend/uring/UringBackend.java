/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.support.AbstractMigrationBackend;

/** Files and block devices through io_uring, with or without the page cache. Thread-safe. */
public final class UringBackend extends AbstractMigrationBackend {
  /**
   * Above those who bypass the page cache one request at a time: who fills the next buffer while
   * the storage takes the last one saves a guest faster, as docs/benchmarks.md shows.
   */
  private static final int DIRECT_RANK = 80;

  /** Below a plain write: it makes the same copy, and its pages are soon stored and dropped. */
  private static final int BUFFERED_RANK = 40;

  /** File systems without storage beneath: what they hold is the page cache. */
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "hugetlbfs");

  private final Kernel kernel;

  /** Makes the backend; nothing is loaded yet. */
  public UringBackend() {
    this(new Kernel(NativeCalls::load, KernelFacts::read));
  }

  UringBackend(Kernel kernel) {
    this.kernel = kernel;
  }

  @Override
  public String name() {
    return "uring";
  }

  @Override
  public int spiVersion() {
    return SPI_VERSION;
  }

  @Override
  public OptionalInt highestRank() {
    return OptionalInt.of(DIRECT_RANK);
  }

  @Override
  public Appraisal appraise(Target target, Set<Capability> wanted) {
    if (target.kind() != TargetKind.REGULAR && target.kind() != TargetKind.BLOCK) {
      return Appraisal.refused(
          "its requests go to positions, which a " + target.kind().label() + " has not");
    }
    boolean direct = wanted.contains(Capability.BYPASS_CACHE);
    String refusal = direct ? directRefusal(target) : null;
    if (refusal == null) {
      // Setting up a ring loads JNA: only where this backend is likely to be chosen.
      refusal = direct ? kernel.unavailabilityCause() : kernel.presumedCause();
    }
    if (refusal != null) {
      return Appraisal.refused(refusal);
    }
    return direct
        ? Appraisal.accepted(DIRECT_RANK, "many requests at once, past the page cache")
        : Appraisal.accepted(BUFFERED_RANK, "many requests at once, through the page cache");
  }

  private static String directRefusal(Target target) {
    // A device node says of itself what /dev is: a tmpfs.
    if (target.kind() == TargetKind.REGULAR && IN_MEMORY.contains(target.fileSystem())) {
      return target.fileSystem() + " keeps files in memory: there is nothing to bypass";
    }
    if (target.directMemoryAlignment() == 0 || target.directOffsetAlignment() == 0) {
      String where = target.fileSystem().isEmpty() ? "this target" : target.fileSystem();
      return "the kernel says that " + where + " has no direct I/O";
    }
    return null;
  }

  @Override
  protected StateFile openAccepted(Target target, OpenMode mode, Set<Capability> wanted)
      throws IOException {
    return new UringStateFile(kernel, target, mode, wanted.contains(Capability.BYPASS_CACHE));
  }
}
