/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.nio.file.Path;
import java.util.Set;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.Target;

/** What the parts of the contract know of the backend that they test. */
public interface BackendUnderTest {
  /** A new backend; called for each test. */
  MigrationBackend newBackend();

  /** Where to make files: a directory of the file system that is meant. */
  default Path directory() {
    return Path.of(System.getProperty("java.io.tmpdir"));
  }

  /** What is asked for whenever a regular file is opened. */
  default Set<Capability> wanted() {
    return Set.of();
  }

  /**
   * Changes or adds what the suite has found out about a file of {@link #directory()}: its size,
   * its file system, and where that is on a block device, the alignment for direct I/O.
   */
  default Target.Builder describe(Target.Builder target) {
    return target;
  }

  /** Whether it serves pipes and sockets. If not, it refuses them. */
  boolean servesStreams();

  /** Whether it grants {@link Capability#BYPASS_CACHE} in this directory. If not, it refuses. */
  boolean bypassesCache();

  /**
   * Whether requests on files are carried out in a thread that is interrupted. If not, they fail
   * with an {@link java.io.InterruptedIOException}.
   */
  boolean survivesInterrupt();

  /** What the present test works with. */
  Bench bench();
}
