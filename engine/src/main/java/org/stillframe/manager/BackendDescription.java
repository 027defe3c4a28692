/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.Optional;
import org.stillframe.backend.BackendOrigin;
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
    return new BackendDescription(
        backend.name(),
        backend.getClass().getName(),
        BackendOrigin.of(backend.getClass()),
        backend.spiVersion(),
        appraisal);
  }
}
