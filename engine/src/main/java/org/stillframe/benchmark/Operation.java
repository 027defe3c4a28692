/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

/** What is measured. */
public enum Operation {
  /** A new file is written and made durable; the time runs until fsync has returned. */
  WRITE("write"),
  /** A file is read whose pages were dropped from the host's page cache before. */
  READ("read");

  private final String label;

  Operation(String label) {
    this.label = label;
  }

  @Override
  public String toString() {
    return label;
  }
}
