/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

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
  void memoryThatIsUsedUpIsAWishThatCannotBeGranted() {
    CommandRun run = failing(new OutOfMemoryError("Java heap space"), "inspect", "/i", "--json");
    run.failed(2, "memory of this process: Java heap space", "fewer channels", "STILLFRAME_OPTS");
    assertEquals("UNSUPPORTED", run.json().getAsJsonObject("error").get("code").getAsString());
    failing(new OutOfMemoryError(), "inspect", "/i").failed(2, "it is used up");
  }

  @Test
  void anotherErrorIsADefect() {
    failing(new StackOverflowError(), "inspect", "/i")
        .failed(70, "defect of this program: java.lang.StackOverflowError", "--debug");
  }
}
