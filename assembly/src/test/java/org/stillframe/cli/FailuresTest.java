/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;

/** What is thrown and is none of our failures: one line all the same. */
class FailuresTest {
  private static CommandRun failing(Error error, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    CommandContext context =
        new CommandContext(
            () -> {
              throw error;
            },
            new Interruption(),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8));
    int status = Main.commandLine(context, arguments).execute(arguments);
    return new CommandRun(
        status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void anotherErrorIsADefect() {
    failing(new StackOverflowError(), "inspect", "/i")
        .failed(70, "defect of this program: java.lang.StackOverflowError", "--debug");
  }

  @Test
  void whatIsPrintedSteersNoTerminal() {
    failing(new Error("a\u009b2J\n\u0085b"), "inspect", "/i").failed(70, "Error: a 2J b;");
    GuestException failure = new GuestException(ErrorCode.GUEST, "qemu", "failed", "");
    failure.addSuppressed(new IOException("a\u009b2J\n\u0085b"));
    assertEquals("stillframe: qemu: failed (also: a 2J b)", Failures.line(failure));
  }
}
