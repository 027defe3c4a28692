/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import picocli.CommandLine.Option;

/** The options on what a command says. */
final class OutputOptions {
  @Option(
      names = "--json",
      description =
          "Print one JSON object on standard output; on standard error if the image or stream goes"
              + " to standard output.")
  private boolean json;

  @Option(names = "--debug", description = "On failure, show where in the program it happened.")
  private boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  private boolean help;

  boolean json() {
    return json;
  }
}
