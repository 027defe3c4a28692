/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own, for what cannot be undone in this one. */
final class Child {
  private Child() {}

  /** Runs a main class by way of a command, and returns what it printed. */
  static String run(Class<?> main, String... command) throws IOException {
    List<String> line = new ArrayList<>(List.of(command));
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx64m", "-cp", System.getProperty("java.class.path")));
    line.add(main.getName());
    Process process = new ProcessBuilder(line).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.onExit().join().exitValue();
    if (status != 0) {
      throw new IOException(line + ": status " + status + ": " + said);
    }
    return said;
  }
}
