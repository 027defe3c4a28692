/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

/** The version of this build, from the manifest of its jar. */
final class BuildVersion {
  private BuildVersion() {}

  /** The name and version in one line. */
  static String line() {
    String version = BuildVersion.class.getPackage().getImplementationVersion();
    return "stillframe " + (version == null ? "(not packaged)" : version);
  }
}
