/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

/** What decides which backend serves a target. */
public enum ChoiceBasis {
  /** The request names one. */
  REQUEST("--backend"),
  /** The system property {@link BackendSelector#PROPERTY} names one. */
  PROPERTY("-D" + BackendSelector.PROPERTY),
  /** The highest rank among those that accept. */
  RANK("rank");

  private final String label;

  ChoiceBasis(String label) {
    this.label = label;
  }

  /** The words used in reports: {@code --backend}, {@code -Dstillframe.backend} or {@code rank}. */
  @Override
  public String toString() {
    return label;
  }
}
