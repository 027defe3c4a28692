/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.backend.posix.PosixBackend;

/** What the command tells of the backends. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class BackendsCommandTest {
  @TempDir Path directory;

  private static JsonObject posix(JsonObject report) {
    for (JsonElement backend : report.getAsJsonArray("backends")) {
      if (backend.getAsJsonObject().get("name").getAsString().equals("posix")) {
        return backend.getAsJsonObject();
      }
    }
    throw new AssertionError("no posix in " + report);
  }

  @Test
  void whatIsInstalled() {
    CommandRun.of("backends").done().printed("posix", PosixBackend.class.getName());
    JsonObject report = CommandRun.of("backends", "--json").done().json();
    JsonObject posix = posix(report);
    assertEquals(PosixBackend.class.getName(), posix.get("class").getAsString());
    assertEquals(1, posix.get("spiVersion").getAsInt());
    assertTrue(Files.exists(Path.of(posix.get("origin").getAsString())), posix.toString());
    assertFalse(posix.has("answer"), "nothing was asked");
    assertFalse(report.has("target"), report.toString());
  }

  @Test
  void aTargetThatDoesNotExistYet() throws Exception {
    Path image = directory.resolve("vm.image");
    CommandRun run = CommandRun.of("backends", image).done();
    run.printed(
        "file:" + image + "\n", "regular file, not there yet", "accepted, rank 50", "chosen");
    assertFalse(run.out().contains("size  "), run.out());
    JsonObject report = CommandRun.of("backends", image, "--json").done().json();
    assertEquals("regular file", report.getAsJsonObject("target").get("kind").getAsString());
    assertEquals("accepted", posix(report).get("answer").getAsString());
    assertEquals(50, posix(report).get("rank").getAsInt());
    assertEquals("rank", report.get("chosenBy").getAsString());
    assertEquals(0, directory.toFile().list().length);
  }

  @Test
  void aBackendForcedByTheOption() {
    Path image = directory.resolve("vm.image");
    CommandRun.of("backends", image, "--backend", "posix")
        .done()
        .printed("posix (asked for by name)", "[by --backend]");
    CommandRun refused =
        CommandRun.of("backends", image, "--backend", "posix", "--bypass-cache", "--json");
    refused.failed(2, image, "posix says");
    JsonObject report = refused.json();
    assertEquals("refused", posix(report).get("answer").getAsString());
    assertEquals("posix", report.get("forced").getAsString());
    assertEquals("UNSUPPORTED", report.getAsJsonObject("error").get("code").getAsString());
    assertFalse(report.has("chosen"), report.toString());
  }

  @Test
  void aRefusalComesAfterTheAnswers() {
    CommandRun run = CommandRun.of("backends", directory.resolve("x"), "--backend", "nix");
    run.failed(2, "nix", "posix");
    run.printed("accepted, rank 50");
    assertFalse(run.out().contains("chosen"), run.out());
  }

  @Test
  void aPipeAndTheProperty() throws Exception {
    String line = "true | $SF backends fd:0";
    try (CommandProcess pipe = CommandProcess.shell(directory, line)) {
      pipe.await().done().printed("fd:0\n", "kind       pipe", "reads and writes in order");
    }
    String forced = "JAVA_TOOL_OPTIONS=-Dstillframe.backend=posix $SF backends fd:0 </etc/passwd";
    try (CommandProcess file = CommandProcess.shell(directory, forced)) {
      file.await().done().printed("kind       regular file", "[by -Dstillframe.backend]");
    }
    String mapped = "true | $SF backends fd:0 --direct-mapped --json";
    try (CommandProcess pipe = CommandProcess.shell(directory, mapped)) {
      CommandRun run = pipe.await();
      run.failed(2, "fd:0", "direct-mapped", "no positions");
      assertEquals("refused", posix(run.json()).get("answer").getAsString());
    }
  }
}
