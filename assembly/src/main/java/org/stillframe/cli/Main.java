/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;

/** Starts the command. */
public final class Main {
  static final String NAME = "stillframe";

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
    EarlyManager manager = new EarlyManager();
    if (arguments.length > 1 && subcommands().containsKey(arguments[0])) {
      manager.start();
    }
    CommandLine command =
        commandLine(new CommandContext(manager, interruption, System.out, System.err), arguments);
    int status;
    try {
      status = command.execute(arguments);
      System.out.flush();
    } finally {
      // Whatever happened: who waits for this otherwise waits for ever, and outlives SIGTERM.
      interruption.finished();
    }
    System.exit(status);
  }

  /** The command, with the subcommand that is meant, or with all of them if that is not clear. */
  static CommandLine commandLine(CommandContext context, String... arguments) {
    Map<String, Function<CommandContext, Object>> all = subcommands();
    String first = arguments.length == 0 ? "" : arguments[0];
    CommandLine command;
    if (all.containsKey(first)) {
      // To describe them all takes longer than the JVM's own start.
      command = new CommandLine(CommandSpec.create().name(NAME));
      command.addSubcommand(all.get(first).apply(context));
    } else {
      command = new CommandLine(new StillframeCommand());
      command.addSubcommand(new HelpCommand());
      for (Function<CommandContext, Object> subcommand : all.values()) {
        command.addSubcommand(subcommand.apply(context));
      }
    }
    // Help and version go where all else goes.
    command.setOut(new PrintWriter(context.out(), true));
    command.setErr(new PrintWriter(context.err(), true));
    Failures failures = new Failures(context);
    command.setExecutionStrategy(failures);
    command.setParameterExceptionHandler(failures);
    command.setExecutionExceptionHandler(failures);
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setUsageHelpAutoWidth(false);
    command.setUsageHelpWidth(100);
    return command;
  }

  private static Map<String, Function<CommandContext, Object>> subcommands() {
    Map<String, Function<CommandContext, Object>> all = new LinkedHashMap<>();
    all.put("save", SaveCommand::new);
    all.put("restore", RestoreCommand::new);
    all.put("qemu-args", QemuArgsCommand::new);
    all.put("receive", ReceiveCommand::new);
    all.put("send", SendCommand::new);
    all.put("inspect", InspectCommand::new);
    all.put("convert", ConvertCommand::new);
    all.put("backends", BackendsCommand::new);
    all.put("bench", BenchCommand::new);
    return all;
  }
}
