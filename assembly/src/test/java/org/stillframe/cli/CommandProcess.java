/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The command as a process of its own, for what cannot be seen inside one JVM: signals, inherited
 * descriptors, being started by QEMU. {@link #close} kills it.
 */
final class CommandProcess implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 120;

  /** What Java says of a process that SIGKILL has ended. */
  private static final int KILLED = 128 + 9;

  private final Process process;
  private final Path out;
  private final Path err;

  private CommandProcess(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  /** Writes a script that is the command, for shells and for QEMU's exec:, and returns it. */
  static Path script(Path directory) throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    // A parent may ignore SIGINT, which is inherited; an operator's terminal does not.
    String text =
        "#!/bin/sh\nexec env --default-signal=INT '%s' -XX:TieredStopAtLevel=1 -cp '%s' %s \"$@\"\n"
            .formatted(java, System.getProperty("java.class.path"), Main.class.getName());
    Path script = Files.writeString(directory.resolve("stillframe"), text);
    return Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
  }

  /** Starts the command. */
  static CommandProcess start(Path directory, Object... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(script(directory).toString());
    command.addAll(List.of(CommandRun.texts(arguments)));
    return run(directory, command);
  }

  /** Starts a line of bash, in which {@code $SF} is the command. */
  static CommandProcess shell(Path directory, String line) throws IOException {
    String whole = "set -o pipefail; SF='" + script(directory) + "'; " + line;
    return run(directory, List.of("bash", "-c", whole));
  }

  private static CommandProcess run(Path directory, List<String> command) throws IOException {
    Path out = Files.createTempFile(directory, "command", ".out");
    Path err = Files.createTempFile(directory, "command", ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    return new CommandProcess(process, out, err);
  }

  /** Sends a signal, as kill(1) names it. */
  void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    int status = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
    if (status != 0) {
      throw new AssertionError("no process " + pid + " to be sent SIG" + name + ": " + err());
    }
  }

  /**
   * Sends SIGKILL and waits for the end.
   *
   * @return false if it had come to its end before
   */
  boolean kill() throws IOException, InterruptedException {
    process.destroyForcibly();
    return await().status() == KILLED;
  }

  /** Waits for the end. */
  CommandRun await() throws IOException, InterruptedException {
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the command does not end; so far: " + err());
    }
    return new CommandRun(process.exitValue(), Files.readString(out), err());
  }

  private String err() throws IOException {
    return Files.readString(err);
  }

  @Override
  public void close() {
    process.destroyForcibly();
    process.onExit().join();
  }
}
