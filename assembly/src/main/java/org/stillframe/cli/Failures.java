/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import com.google.gson.JsonObject;
import com.google.inject.ProvisionException;
import org.stillframe.error.StillframeException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** Says what went wrong, in one line on standard error, and with which status to exit. */
final class Failures {
  private static final int USAGE = 2;
  private static final int DEFECT = 70;

  private final Session session;

  Failures(Session session) {
    this.session = session;
  }

  int usage(ParameterException e, String[] arguments) {
    CommandLine command = e.getCommandLine();
    String why = e.getMessage().replaceAll("\\p{Cntrl}+", " ");
    session
        .err()
        .println(
            "stillframe: wrong usage: "
                + why
                + "; see '"
                + command.getCommandSpec().qualifiedName()
                + " --help'");
    return USAGE;
  }

  int execution(Exception e, CommandLine command, ParseResult parsed) {
    boolean debug = given(parsed, "--debug");
    Throwable cause = e instanceof ProvisionException && e.getCause() != null ? e.getCause() : e;
    if (debug) {
      cause.printStackTrace(session.err());
    }
    if (!(cause instanceof StillframeException failure)) {
      session
          .err()
          .println(
              "stillframe: defect of this program: "
                  + cause.toString().replaceAll("\\p{Cntrl}+", " ")
                  + "; please report it, with the output of the same command with --debug");
      return DEFECT;
    }
    StringBuilder line = new StringBuilder("stillframe: " + failure.getMessage());
    for (Throwable also : failure.getSuppressed()) {
      // Something could not be put back or cleaned up: the reader must know of it, too.
      line.append(" (also: ").append(also.getMessage()).append(')');
    }
    session.err().println(line);
    if (given(parsed, "--json")) {
      JsonObject object = new JsonObject();
      object.addProperty("code", failure.code().name());
      object.addProperty("status", failure.code().exitStatus());
      object.addProperty("what", failure.what());
      object.addProperty("why", failure.why());
      object.addProperty("remedy", failure.remedy());
      JsonObject error = new JsonObject();
      error.add("error", object);
      session.out().println(error);
    }
    return failure.code().exitStatus();
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
