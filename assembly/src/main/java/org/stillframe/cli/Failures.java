/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.inject.ProvisionException;
import java.util.List;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import picocli.CommandLine;
import picocli.CommandLine.ExecutionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Says what went wrong, in one line on standard error, and with which status to exit. A lambda in
 * its place would keep picocli's interfaces out of the archive of classes.
 */
final class Failures
    implements CommandLine.IExecutionStrategy,
        CommandLine.IParameterExceptionHandler,
        CommandLine.IExecutionExceptionHandler {
  /** How every message begins that tells that QEMU has ended. */
  private static final String LOST = "lost QEMU ";

  private static final int DEFECT = 70;

  private final CommandContext context;

  Failures(CommandContext context) {
    this.context = context;
  }

  /** Runs the command that is meant. Errors are told like exceptions: picocli lets them through. */
  @Override
  public int execute(ParseResult parsed) {
    try {
      return new CommandLine.RunLast().execute(parsed);
    } catch (Error e) {
      throw new ExecutionException(parsed.commandSpec().commandLine(), e.toString(), e);
    }
  }

  @Override
  public int handleParseException(ParameterException e, String[] arguments) {
    String remedy = "see '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'";
    return report(
        new RequestException(
            ErrorCode.INVALID_REQUEST,
            "wrong usage",
            e.getMessage().strip().replaceFirst("^Error: ", ""),
            remedy),
        List.of(arguments).contains("--json"));
  }

  @Override
  public int handleExecutionException(Exception e, CommandLine command, ParseResult parsed) {
    boolean debug = given(parsed, "--debug");
    boolean wrapped = e instanceof ProvisionException || e instanceof ExecutionException;
    Throwable cause = wrapped && e.getCause() != null ? e.getCause() : e;
    if (debug) {
      cause.printStackTrace(context.err());
    }
    if (!(cause instanceof StillframeException failure)) {
      context
          .err()
          .println(
              "stillframe: defect of this program: "
                  + cause.toString().replaceAll("\\p{Cc}+", " ")
                  + "; please report it, with the output of the same command with --debug");
      return DEFECT;
    }
    return report(failure, given(parsed, "--json"));
  }

  private int report(StillframeException failure, boolean json) {
    context.err().println(line(failure));
    if (json) {
      JsonObject error = new JsonObject();
      error.add("error", json(failure));
      context.out().println(error);
    }
    return failure.code().exitStatus();
  }

  /** A failure as one line, with what went wrong while cleaning up: one failure, one line. */
  static String line(StillframeException failure) {
    StringBuilder line = new StringBuilder("stillframe: ").append(failure.getMessage());
    for (Throwable suppressed : failure.getSuppressed()) {
      // A QEMU that is gone fails each step of the cleaning up: once is enough.
      if (!(suppressed instanceof GuestException gone && isKnown(failure, gone))) {
        line.append(" (also: ").append(suppressed.getMessage()).append(')');
      }
    }
    return line.toString().replaceAll("\\p{Cc}+", " ");
  }

  private static boolean isKnown(StillframeException failure, GuestException gone) {
    return failure.why().contains(gone.why())
        || failure.what().startsWith(LOST) && gone.what().startsWith(LOST);
  }

  /** A failure as JSON. */
  static JsonObject json(StillframeException failure) {
    JsonObject object = new JsonObject();
    object.addProperty("code", failure.code().name());
    object.addProperty("status", failure.code().exitStatus());
    object.addProperty("what", failure.what());
    object.addProperty("why", failure.why());
    object.addProperty("remedy", failure.remedy());
    JsonArray also = new JsonArray();
    for (Throwable suppressed : failure.getSuppressed()) {
      also.add(suppressed.getMessage());
    }
    if (!also.isEmpty()) {
      object.add("also", also);
    }
    return object;
  }

  private static boolean given(ParseResult parsed, String option) {
    for (ParseResult level = parsed; level != null; level = level.subcommand()) {
      if (level.hasMatchedOption(option)) {
        return true;
      }
    }
    return false;
  }
}
