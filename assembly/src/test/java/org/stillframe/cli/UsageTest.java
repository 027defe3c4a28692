/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Wrong usage: one line, status 2, before anything is touched. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class UsageTest {
  @ParameterizedTest
  @CsvSource({
    "frob, frob",
    "save, --qmp=SOCKET",
    "save --qmp /q, TARGET",
    "save --qmp /q a b, 'b'",
    "save --qmp= /t, --qmp",
    "save --qmp /q /t --format zzz, zzz",
    "save --qmp /q /t --route zzz, zzz",
    "save --qmp /q /t --then zzz, zzz",
    "save --qmp /q /t --progress zzz, zzz",
    "save --qmp /q /t --max-bandwidth fast, 500M",
    "save --qmp /q /t --max-bandwidth 9999999T, too much",
    "save --qmp /q /t --deadline 0, '0'",
    "save --qmp /q /t --deadline=-3, '-3'",
    "save --qmp /q /t --connect-timeout 1.5, '1.5'",
    "save --qmp /q tcp:host:1, tcp:",
    "save --qmp /q fd:x, fd:x",
    "save --qmp /q file:, no path",
    "restore --qmp /q /i --paused --running, --running",
    "restore --qmp /q /i --connect-timeout 0, '0'",
    "receive --listen tcp:1 /t, tcp:1",
    "receive /t, --listen",
    "send /i --connect fd:-1, fd:-1",
    "inspect, IMAGE",
    "backends a b, 'b'",
    "backends --bypass-cache, name a target",
    "backends --deadline 3, --deadline",
    "bench, TARGET",
    "bench fd:0, file of its own",
    "bench /dev/null, character device",
    "bench /t --size lots, 512M",
    "bench /t --size 5000, '5000'",
    "bench /t --block-size 1M;4G, 256K",
    "bench /t --block-size 2G, too much",
    "bench /t --depth 0, '0'",
    "bench /t --queues x, queues",
    "bench /t --runs 0, '0'",
    "bench /t --operation erase, erase",
    "bench /t --buffered --bypass-cache, --buffered",
    "bench /t --backend nix, nix",
  })
  void wrongUsage(String arguments, String named) {
    CommandRun.of((Object[]) arguments.split(" ")).failed(2, named.replace("'", ""));
  }

  @Test
  void asJson() {
    CommandRun run = CommandRun.of("save", "--qmp", "/q", "--json");
    run.failed(2, "TARGET");
    JsonObject error = run.json().getAsJsonObject("error");
    assertEquals("INVALID_REQUEST", error.get("code").getAsString());
    assertEquals(2, error.get("status").getAsInt());
  }

  @Test
  void endpointThatIsNoStream() {
    // Of surefire's own descriptors, 1 is a pipe or a file; this one is surely closed.
    CommandRun.of("send", "/dev/null", "--connect", "fd:99").failed(2, "character device");
  }

  @ParameterizedTest
  @ValueSource(strings = {"save", "restore", "receive", "send", "inspect"})
  void helpOfEachCommand(String command) {
    String help = CommandRun.of(command, "--help").done().out();
    for (String text : List.of("Usage: stillframe " + command, "--json", "--deadline")) {
      assertTrue(help.contains(text), help);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"backends", "bench"})
  void helpOfTheCommandsOnStorage(String command) {
    String help = CommandRun.of(command, "--help").done().out();
    for (String text : List.of("Usage: stillframe " + command, "--json", "--bypass-cache")) {
      assertTrue(help.contains(text), help);
    }
  }

  @Test
  void version() {
    assertTrue(CommandRun.of("--version").done().out().startsWith("stillframe "));
  }
}
