/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** {@code receive} and {@code send} as the other end of a migration that QEMU does by itself. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ReceiveSendTest {
  @TempDir Path directory;
  private Guests guests;
  private Path image;
  private Path socket;

  @BeforeEach
  void describe() throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
    image = directory.resolve("vm.image");
    socket = directory.resolve("stream.sock");
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void throughUnixSockets(QemuVersions version) throws Exception {
    CompletableFuture<CommandRun> receiving =
        CommandRun.begin("receive", "--listen", "unix:" + socket, image, "--json");
    Guests.awaitListening(socket);
    migrate(version, "unix:" + socket);
    JsonObject received = receiving.get().done().json();
    assertEquals(Files.size(image), received.get("bytes").getAsLong());
    assertFalse(Files.exists(socket), "the socket is gone once it has served");

    try (QemuProcess qemu = guests.qemu(version, "restored").incoming("unix:" + socket).start()) {
      Guests.awaitListening(socket);
      JsonObject sent =
          CommandRun.of("send", image, "--connect", "unix:" + socket, "--json").done().json();
      assertEquals(Files.size(image), sent.get("bytes").getAsLong());
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  @Test
  void startedByQemu() throws Exception {
    Path command = CommandProcess.script(directory);
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source");
        Monitor monitor = new Monitor(qemu.qmpSocket())) {
      monitor.migrate("exec:" + command + " receive --listen fd:0 " + image);
      // QEMU is done with its stream before the image is durable and in its place.
      Guests.await(image + " is there", () -> Files.exists(image));
      monitor.awaitMigration("completed");
    }
    String uri = "exec:" + command + " send " + image + " --connect fd:1";
    try (QemuProcess qemu = guests.qemu(QemuVersions.QEMU_10, "restored").incoming(uri).start()) {
      qemu.awaitVerifiedRounds(2);
      assertTrue(qemu.stderrText().contains("sent file:" + image), qemu.stderrText());
    }
  }

  @Test
  void streamThatEndsTooEarlyIsNoImage() throws Exception {
    migrate(QemuVersions.QEMU_10, "exec:cat > " + image);
    Path target = directory.resolve("other.image");
    String line = "head -c 1000000 " + image + " | $SF receive --listen fd:0 " + target;
    try (CommandProcess command = CommandProcess.shell(directory, line)) {
      command.await().failed(1, "1000000");
    }
    assertFalse(Files.exists(target));
    assertFalse(Files.exists(Guests.partial(target)));
  }

  @Test
  void nobodyConnects() {
    Object[] arguments = {
      "receive", "--listen", "unix:" + socket, image, "--deadline", 1, "--progress", "none"
    };
    CommandRun.of(arguments).failed(4, image, "not done within 1.0 s");
    assertFalse(Files.exists(socket));
    assertFalse(Files.exists(Guests.partial(image)));
  }

  @Test
  void nobodyListens() throws IOException {
    migrate(QemuVersions.QEMU_10, "exec:cat > " + image);
    CommandRun.of("send", image, "--connect", "unix:" + socket)
        .failed(4, "unix:" + socket, "No such file or directory");
  }

  @Test
  void socketThatIsInUse() throws IOException {
    Files.createFile(socket);
    CommandRun.of("receive", "--listen", "unix:" + socket, image, "--progress", "none")
        .failed(4, "unix:" + socket, "Address already in use", "remove");
    assertTrue(Files.exists(socket), "what was there before is left alone");
  }

  private void migrate(QemuVersions version, String uri) throws IOException {
    try (QemuProcess qemu = guests.running(version, "source");
        Monitor monitor = new Monitor(qemu.qmpSocket())) {
      monitor.migrate(uri);
      monitor.awaitMigration("completed");
    }
  }
}
