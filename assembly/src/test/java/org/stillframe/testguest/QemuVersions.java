/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.testguest;

import java.nio.file.Files;
import java.nio.file.Path;

/** The versions of QEMU that tests run with. A test that needs one fails if it is absent. */
public enum QemuVersions {
  /** QEMU 10.0 or later. */
  QEMU_10("STILLFRAME_QEMU_10"),

  /** QEMU 7.2: no file migration, no mapped-ram, so every state is a plain stream. */
  QEMU_7("STILLFRAME_QEMU_7");

  private final String variable;

  QemuVersions(String variable) {
    this.variable = variable;
  }

  /**
   * Returns the path of the binary.
   *
   * @throws IllegalStateException if the environment variable is not set, or names no executable
   */
  public Path binary() {
    String value = System.getenv(variable);
    if (value == null || value.isBlank()) {
      throw new IllegalStateException(
          variable + " is not set: run the tests with tools/test, which provides " + this);
    }
    Path binary = Path.of(value);
    if (!Files.isExecutable(binary)) {
      throw new IllegalStateException(
          variable + " names no executable: " + binary + "; tools/test sets it rightly");
    }
    return binary;
  }
}
