/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract.storage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Commands that set up storage on this host. */
final class HostCommand {
  /** Where the system's commands are, also for those who do not have it in their PATH. */
  private static final String SYSTEM = "/usr/sbin:/sbin:/usr/bin:/bin";

  private HostCommand() {}

  /**
   * Runs a command to its end, also when this thread is interrupted meanwhile.
   *
   * @return what it printed, without the line's end
   * @throws IOException if it fails; with what it said
   */
  static String run(String... command) throws IOException {
    String line = String.join(" ", command);
    String[] located = command.clone();
    located[0] = locate(command[0]).toString();
    Process process = new ProcessBuilder(located).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException(line + ": " + (said.isBlank() ? "status " + status : said.strip()));
    }
    return said.strip();
  }

  private static Path locate(String name) throws IOException {
    String path = System.getenv().getOrDefault("PATH", "") + ":" + SYSTEM;
    return Stream.of(path.split(":"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, name))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow(() -> new IOException("the command " + name + " is missing"));
  }
}
