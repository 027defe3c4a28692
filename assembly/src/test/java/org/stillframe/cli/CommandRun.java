/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.google.inject.Guice;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.stillframe.guice.StillframeModule;
import org.stillframe.manager.MigrationManager;

/**
 * What a run of the command left behind: its exit status and what it printed.
 *
 * @param out standard output
 * @param err standard error
 */
record CommandRun(int status, String out, String err) {
  /** Runs the command in this process, with all that it has when it is packaged. */
  static CommandRun of(Object... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Interruption interruption = new Interruption();
    try (PrintStream outPrinter = new PrintStream(out, true, StandardCharsets.UTF_8);
        PrintStream errPrinter = new PrintStream(err, true, StandardCharsets.UTF_8)) {
      CommandContext context =
          new CommandContext(
              () ->
                  Guice.createInjector(new StillframeModule()).getInstance(MigrationManager.class),
              interruption,
              outPrinter,
              errPrinter);
      int status = Main.commandLine(context, texts(arguments)).execute(texts(arguments));
      return new CommandRun(
          status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    } finally {
      interruption.finished();
    }
  }

  /** Runs the command in this process while the test goes on. */
  static CompletableFuture<CommandRun> begin(Object... arguments) {
    return CompletableFuture.supplyAsync(() -> of(arguments));
  }

  static CommandRun save(Path qmp, Object target, String... options) {
    return of(with(options, "save", "--progress", "none", "--qmp", qmp, target));
  }

  static CompletableFuture<CommandRun> beginSave(Path qmp, Object target, String... options) {
    return begin(with(options, "save", "--progress", "none", "--qmp", qmp, target));
  }

  static CommandRun restore(Path qmp, Object image, String... options) {
    return of(with(options, "restore", "--progress", "none", "--qmp", qmp, image));
  }

  private static Object[] with(String[] options, Object... arguments) {
    Object[] all = Arrays.copyOf(arguments, arguments.length + options.length);
    System.arraycopy(options, 0, all, arguments.length, options.length);
    return all;
  }

  static String[] texts(Object... arguments) {
    return Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
  }

  /** Requires that it did what it was asked for. */
  CommandRun done() {
    assertEquals(0, status, () -> "failed: " + err);
    return this;
  }

  /** Requires that standard output holds each of these texts. */
  CommandRun printed(String... texts) {
    for (String text : texts) {
      assertTrue(out.contains(text), () -> "no '" + text + "' in: " + out);
    }
    return this;
  }

  /** The one JSON object on standard output. */
  JsonObject json() {
    assertEquals(1, out.lines().count(), () -> "not one line: " + out);
    return JsonParser.parseString(out).getAsJsonObject();
  }

  /**
   * Requires that it failed as an operator wants it: with this status and one line on standard
   * error that says what and why, and holds each of these texts.
   */
  String failed(int wanted, Object... texts) {
    assertEquals(1, err.lines().count(), () -> "not one line: " + err);
    String line = err.strip();
    assertEquals(wanted, status, line);
    assertTrue(line.matches("stillframe: [^:].*: .+"), line);
    assertFalse(line.contains("Exception"), line);
    for (Object text : texts) {
      assertTrue(line.contains(text.toString()), () -> "no '" + text + "' in: " + line);
    }
    return line;
  }
}
