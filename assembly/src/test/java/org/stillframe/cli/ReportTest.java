/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** What the command says and how it leaves a QEMU behind. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ReportTest extends GuestFixture {
  private static final List<String> MOVED = List.of("image", "bytes", "backend", "contents");
  private static final List<String> STORED =
      List.of("layout", "transferMillis", "syncMillis", "backendReason");
  private static final List<String> GUEST =
      List.of("route", "routeReason", "qemu", "guestStatus", "cpuMillis");
  private static final List<String> CONTENTS =
      List.of("machine", "streamVersion", "pageSize", "bytes", "capabilities", "blocks", "devices");

  @Test
  void json() throws IOException {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      JsonObject saved =
          CommandRun.save(qemu.qmpSocket(), image, "--json", "--then", "resume").done().json();
      requireMembers(saved, MOVED, STORED, GUEST, List.of("stoodStillMillis"));
      assertEquals("file:" + image, saved.get("image").getAsString());
      assertEquals(Files.size(image), saved.get("bytes").getAsLong());
      assertEquals("running", saved.get("guestStatus").getAsString());
      assertTrue(saved.get("cpuMillis").getAsLong() > 0, saved.toString());

      CommandRun again = CommandRun.save(qemu.qmpSocket(), image, "--json");
      JsonObject error = again.json().getAsJsonObject("error");
      assertEquals("TARGET_EXISTS", error.get("code").getAsString());
      assertEquals(2, error.get("status").getAsInt());
      requireMembers(error, List.of("what", "why", "remedy"));
      again.failed(2, error.get("why").getAsString());
    }
    JsonObject inspected = CommandRun.of("inspect", image, "--json").done().json();
    requireMembers(inspected, List.of("image", "layout", "contents"));
    JsonObject contents = inspected.getAsJsonObject("contents");
    requireMembers(contents, CONTENTS);
    assertEquals("pc-q35-10.0", contents.get("machine").getAsString());
    assertEquals(
        "pc.ram",
        contents.getAsJsonArray("blocks").get(0).getAsJsonObject().get("name").getAsString());
    assertTrue(contents.getAsJsonArray("devices").size() > 10, contents.toString());

    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      JsonObject restored = CommandRun.restore(qemu.qmpSocket(), image, "--json").done().json();
      requireMembers(restored, MOVED, GUEST, List.of("elapsedMillis", "backendReason"));
      assertEquals(contents, restored.getAsJsonObject("contents"));
      assertTrue(restored.get("cpuMillis").getAsLong() > 0, restored.toString());
    }
  }

  @SafeVarargs
  private static void requireMembers(JsonObject object, List<String>... names) {
    for (List<String> some : names) {
      for (String name : some) {
        assertTrue(object.has(name), () -> "no " + name + " in " + object);
      }
    }
  }

  @Test
  void guestAfterwardsAndProgress() throws IOException {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      CommandRun quiet = CommandRun.save(qemu.qmpSocket(), image, "--then", "resume").done();
      assertEquals("", quiet.err());
      assertTrue(quiet.out().startsWith("saved file:" + image + "\n"), quiet.out());
      assertTrue(quiet.out().contains("guest now  running"), quiet.out());
      assertTrue(quiet.out().matches("(?s).*\n  processor  \\d+.*"), quiet.out());
      qemu.awaitVerifiedRounds(2);

      CommandRun plain = CommandRun.of("inspect", image, "--progress", "plain").done();
      assertTrue(plain.out().contains("whole, layout mapped"), plain.out());
      Object[] arguments = {
        "save", "--qmp", qemu.qmpSocket(), image, "--force", "--progress", "plain"
      };
      CommandRun lines = CommandRun.of(arguments).done();
      assertTrue(lines.err().contains("making it durable"), lines.err());
      assertTrue(lines.out().contains("guest now  paused"), lines.out());
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("paused", monitor.status());
        monitor.execute("{'execute':'cont'}");
      }
      qemu.awaitVerifiedRounds(2);

      CommandRun.save(qemu.qmpSocket(), image, "--force", "--then", "quit").done();
      assertEquals(0, qemu.awaitExit(Duration.ofSeconds(30)));
    }
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void settingsArePutBack(QemuVersions version) throws IOException {
    try (QemuProcess qemu = guests.running(version, "source")) {
      String before = unusualSettings(qemu);
      CommandRun.save(qemu.qmpSocket(), image, "--then", "resume").done();
      assertEquals(before, settings(qemu));
      CommandRun.save(qemu.qmpSocket(), directory, "--force").failed(2, directory);
      assertEquals(before, settings(qemu));
      qemu.awaitVerifiedRounds(2);
    }
    try (QemuProcess qemu = guests.waiting(version, "restored")) {
      String before = unusualSettings(qemu);
      CommandRun.restore(qemu.qmpSocket(), image).done();
      assertEquals(before, settings(qemu));
      qemu.awaitVerifiedRounds(2);
    }
  }

  private static String unusualSettings(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      monitor.execute(
          "{'execute':'migrate-set-capabilities','arguments':{'capabilities':"
              + "[{'capability':'auto-converge','state':true},"
              + "{'capability':'xbzrle','state':true}]}}");
      monitor.execute(
          "{'execute':'migrate-set-parameters','arguments':"
              + "{'max-bandwidth':12345678,'downtime-limit':777}}");
    }
    return settings(qemu);
  }

  private static String settings(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      return monitor.migrationSettings();
    }
  }
}
