/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Commands that set up storage on the host; they need root. */
final class HostCommand {
  private HostCommand() {}

  /** Runs a command and gives what it printed. */
  static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          "this test sets up storage, which needs root: "
              + String.join(" ", command)
              + ": "
              + said.strip());
    }
    return said.strip();
  }
}
