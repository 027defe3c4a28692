/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.inject.Guice;
import com.google.inject.Stage;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
    CommandLine command = new CommandLine(new StillframeCommand());
    Map<String, Function<CommandContext, Object>> all = subcommands();
    // To describe them all takes as long as the JVM's own start.
    String first = arguments.length == 0 ? "" : arguments[0];
    Collection<Function<CommandContext, Object>> meant =
        all.containsKey(first) ? List.of(all.get(first)) : all.values();
    meant.forEach(subcommand -> command.addSubcommand(subcommand.apply(context)));
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
