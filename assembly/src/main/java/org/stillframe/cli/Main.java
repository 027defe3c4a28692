/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.inject.Guice;
import com.google.inject.Stage;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import org.stillframe.guice.StillframeModule;
import org.stillframe.manager.MigrationManager;
import picocli.CommandLine;

/** Starts the command. */
public final class Main {
  private static final List<String> VERSION_OPTIONS = List.of("--version", "-V");

  private Main() {}

  /** Runs the command and exits with its status. */
  public static void main(String[] arguments) {
    if (arguments.length == 1 && VERSION_OPTIONS.contains(arguments[0])) {
      // Scripts ask this often: it need not wait until all commands are described.
      System.out.println(BuildVersion.line());
      return;
    }
    if (List.of(arguments).contains("--debug")) {
      System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "debug");
    }
    Interruption interruption = new Interruption();
    // Made when a command needs it: --help and --version do not wait for it.
    Supplier<MigrationManager> manager =
        () ->
            Guice.createInjector(Stage.DEVELOPMENT, new StillframeModule())
                .getInstance(MigrationManager.class);
    CommandLine command =
        commandLine(new CommandContext(manager, interruption, System.out, System.err));
    int status = command.execute(arguments);
    System.out.flush();
    interruption.finished();
    System.exit(status);
  }

  static CommandLine commandLine(CommandContext context) {
    CommandLine command = new CommandLine(new StillframeCommand());
    command.addSubcommand(new SaveCommand(context));
    command.addSubcommand(new RestoreCommand(context));
    command.addSubcommand(new QemuArgsCommand(context));
    command.addSubcommand(new ReceiveCommand(context));
    command.addSubcommand(new SendCommand(context));
    command.addSubcommand(new InspectCommand(context));
    command.addSubcommand(new ConvertCommand(context));
    command.addSubcommand(new BackendsCommand(context));
    command.addSubcommand(new BenchCommand(context));
    // Help and version go where all else goes.
    command.setOut(new PrintWriter(context.out(), true));
    command.setErr(new PrintWriter(context.err(), true));
    Failures failures = new Failures(context);
    command.setParameterExceptionHandler(failures::usage);
    command.setExecutionExceptionHandler(failures::execution);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setUsageHelpAutoWidth(false);
    command.setUsageHelpWidth(100);
    return command;
  }
}
