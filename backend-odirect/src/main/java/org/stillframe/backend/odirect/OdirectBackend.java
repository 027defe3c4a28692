/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.support.AbstractMigrationBackend;

/** Reads and writes that bypass the host's page cache (O_DIRECT). Thread-safe. */
public final class OdirectBackend extends AbstractMigrationBackend {
  /** Below io_uring, which works while its caller does; docs/benchmarks.md has the figures. */
  private static final int RANK = 60;

  /** File systems that are the page cache, or memory like it; some kernels take O_DIRECT there. */
  private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "hugetlbfs");

  private final OdirectNative natives;
  private final DirectOpening opening;

  /** Makes the backend; nothing is loaded yet. */
  public OdirectBackend() {
    this(new OdirectNative());
  }

  OdirectBackend(OdirectNative natives) {
    this.natives = natives;
    opening = new DirectOpening(natives);
  }

  @Override
  public String name() {
    return "odirect";
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
    String refusal = refusal(target);
    if (refusal != null) {
      return Appraisal.refused(refusal);
    }
    if (!natives.isAvailable()) {
      return Appraisal.refused("the C library cannot be called: " + natives.unavailabilityCause());
    }
    String doubt = "";
    if (target.directOffsetAlignment() < 0) {
      try {
        doubt = doubt(target);
      } catch (SystemCallException e) {
        return Appraisal.refused(fileSystem(target) + " does not take O_DIRECT: " + e.getMessage());
      }
    }
    if (!wanted.contains(Capability.BYPASS_CACHE)) {
      return Appraisal.onlyByName("it bypasses the page cache, which was not asked for");
    }
    Geometry geometry = Geometry.of(target, natives.pageSize());
    return Appraisal.accepted(
        RANK,
        String.format(
            "direct reads and writes, aligned to %d in memory and %d in the file%s",
            geometry.memory(), geometry.granule(), doubt));
  }

  private static String refusal(Target target) {
    if (target.kind() != TargetKind.REGULAR && target.kind() != TargetKind.BLOCK) {
      return "a " + target.kind().label() + " has no page cache to bypass";
    }
    if (target.directOffsetAlignment() == 0 || target.directMemoryAlignment() == 0) {
      return "direct I/O is impossible on " + fileSystem(target) + ", says the kernel (statx)";
    }
    // A device node says of itself what /dev is: a tmpfs.
    if (target.kind() == TargetKind.REGULAR && IN_MEMORY.contains(target.fileSystem())) {
      return target.fileSystem() + " keeps files in memory: there is nothing to bypass";
    }
    return null;
  }

  private static String fileSystem(Target target) {
    if (target.kind() == TargetKind.BLOCK) {
      return "this block device";
    }
    return target.fileSystem().isEmpty() ? "this file system" : target.fileSystem();
  }

  /** What is presumed where statx(2) does not tell the alignments. */
  private String doubt(Target target) throws SystemCallException {
    if (target.descriptor() < 0) {
      return "; presumed until the file is open";
    }
    return switch (opening.ask(target.descriptor())) {
      case TAKEN -> "; presumed, as the kernel does not tell";
      case NOT_ASKED ->
          "; presumed, as the kernel does not tell and the file cannot be opened again to try O_DIRECT";
    };
  }

  @Override
  protected StateFile openAccepted(Target target, OpenMode mode, Set<Capability> wanted)
      throws IOException {
    DirectAccess access = opening.open(target.descriptor(), mode == OpenMode.WRITE);
    return new OdirectStateFile(natives, target, mode, access);
  }
}
