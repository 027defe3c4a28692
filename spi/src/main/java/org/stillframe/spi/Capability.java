/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import java.util.Locale;
import java.util.Optional;

/** What may be asked of a target and a backend beyond storing bytes. Thread-safe, as enums are. */
public enum Capability {
  /**
   * RAM lies at fixed positions of the file; QEMU calls this mapped-ram. Needs a seekable target.
   */
  DIRECT_MAPPED("direct-mapped", "mapped-ram"),
  /** The host's page cache is bypassed (O_DIRECT); QEMU calls this direct-io. */
  BYPASS_CACHE("bypass-cache", "direct-io");

  private final String label;
  private final String qemuName;

  Capability(String label, String qemuName) {
    this.label = label;
    this.qemuName = qemuName;
  }

  /** The name used in options and messages, for example {@code bypass-cache}. */
  public String label() {
    return label;
  }

  /** The name that QEMU uses for the same thing, for example {@code direct-io}. */
  public String qemuName() {
    return qemuName;
  }

  /** Finds a capability by our name or QEMU's, ignoring case; empty if there is none. */
  public static Optional<Capability> named(String name) {
    String wanted = name.toLowerCase(Locale.ROOT);
    for (Capability capability : values()) {
      if (capability.label.equals(wanted) || capability.qemuName.equals(wanted)) {
        return Optional.of(capability);
      }
    }
    return Optional.empty();
  }

  @Override
  public String toString() {
    return label;
  }
}
