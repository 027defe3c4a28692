/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.security.CodeSource;
import java.util.Optional;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.MigrationBackend;

/**
 * A storage backend of this installation.
 *
 * @param implementation its class
 * @param origin the jar or directory that the class came from; empty if the JVM does not know
 * @param spiVersion the version of the backend interface it was made for
 * @param appraisal what it says of the target that was asked about; empty if none was
 */
public record BackendDescription(
    String name,
    String implementation,
    Optional<String> origin,
    int spiVersion,
    Optional<Appraisal> appraisal) {
  static BackendDescription of(MigrationBackend backend, Optional<Appraisal> appraisal) {
    CodeSource source = backend.getClass().getProtectionDomain().getCodeSource();
    Optional<String> origin =
        source == null || source.getLocation() == null
            ? Optional.empty()
            : Optional.of(place(source));
    return new BackendDescription(
        backend.name(), backend.getClass().getName(), origin, backend.spiVersion(), appraisal);
  }

  private static String place(CodeSource source) {
    String location = source.getLocation().toString();
    return location.startsWith("file:") ? source.getLocation().getPath() : location;
  }
}
