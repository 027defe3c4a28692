/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command itself; its work is in the subcommands. */
@Command(
    name = Main.NAME,
    description = "Saves a running QEMU guest to storage and brings it back.",
    mixinStandardHelpOptions = true,
    versionProvider = StillframeCommand.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "IMAGE and TARGET are file:PATH, a path, or fd:N (an open descriptor of this process).",
      "A storage backend is forced by --backend NAME or -Dstillframe.backend=NAME. One of your own is",
      "added as a folder of jars in plugins/ beside bin/ (or in the directory that is named by",
      "-Dstillframe.plugins=DIR), or to the class path, by the environment variable",
      "STILLFRAME_CLASSPATH.",
      "",
      "Exit status: 0 done; 1 the image is damaged or incomplete; 2 wrong usage, or a wish",
      "that cannot be granted; 3 the storage failed; 4 the guest or its QMP monitor failed;",
      "130 interrupted; 70 a defect of this program.",
    })
final class StillframeCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "no command given");
  }

  /** {@code --version}. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {BuildVersion.line()};
    }
  }
}
