/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/**
 * Mapped images that one backend makes, another reads, and plain QEMU loads too; in files, and in
 * place, where something else was before. The guests verify themselves. It needs root.
 */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MappedBackendTest {
  private static final int SIZE = 160 << 20;

  private static final String MAPPED =
      "{'execute':'migrate-set-capabilities','arguments':{'capabilities':["
          + "{'capability':'mapped-ram','state':true}]}}";

  @TempDir Path directory;

  @TempDir(factory = OnDisk.class)
  Path storage;

  private Path image;
  private Guests guests;
  private Path device;

  @BeforeEach
  void describe() throws IOException {
    image = storage.resolve("vm.image");
    guests = new Guests(directory, Mode.REWRITE);
  }

  @AfterEach
  void detach() throws Exception {
    if (device != null) {
      HostCommand.run("losetup", "--detach", device.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "posix, '', uring, --bypass-cache",
    "odirect, '', odirect, --bypass-cache",
    "odirect, --bypass-cache, uring, ''",
    "uring, '', posix, ''",
    "uring, --bypass-cache, odirect, ''",
  })
  void inFile(String saver, String saving, String reader, String reading) throws Exception {
    save(saver, saving, image);
    restore(reader, reading, image);
    loadPlainly(image);
  }

  @ParameterizedTest
  @CsvSource({
    "512, posix, '', odirect, --bypass-cache",
    "4096, odirect, '', posix, ''",
    "4096, odirect, --bypass-cache, uring, --bypass-cache",
    "512, odirect, --bypass-cache, uring, ''",
    "512, uring, '', odirect, ''",
    "4096, uring, --bypass-cache, odirect, --bypass-cache",
    "512, uring, --bypass-cache, uring, --bypass-cache",
  })
  void onBlockDevice(int sector, String saver, String saving, String reader, String reading)
      throws Exception {
    fill(image);
    device =
        Path.of(
            HostCommand.run(
                "losetup", "--find", "--show", "--sector-size", "" + sector, image.toString()));
    save(saver, saving, device);
    restore(reader, reading, device);
    loadPlainly(device);
  }

  @ParameterizedTest
  @CsvSource({
    "posix, ''",
    "odirect, ''",
    "odirect, --bypass-cache",
    "uring, ''",
    "uring, --bypass-cache"
  })
  void inDescriptorInPlace(String backend, String option) throws Exception {
    fill(image);
    try (Descriptor file = new SystemCalls().open(image, OpenFlags.READ_WRITE, 0)) {
      save(backend, option, "fd:" + file.number());
      restore(backend, option, "fd:" + file.number());
    }
    loadPlainly(image);
  }

  private static void fill(Path file) throws IOException {
    byte[] piece = new byte[1 << 20];
    Random random = new Random(7);
    try (OutputStream out = Files.newOutputStream(file)) {
      for (int written = 0; written < SIZE; written += piece.length) {
        random.nextBytes(piece);
        out.write(piece);
      }
    }
  }

  private static String[] options(String backend, String option, String... more) {
    return Stream.of(Stream.of("--json", "--backend", backend), Stream.of(option), Stream.of(more))
        .flatMap(each -> each)
        .filter(each -> !each.isEmpty())
        .toArray(String[]::new);
  }

  private void save(String backend, String option, Object target) throws IOException {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      String[] options = options(backend, option, "--force", "--then", "quit");
      JsonObject report = CommandRun.save(qemu.qmpSocket(), target, options).done().json();
      assertEquals("mapped", report.get("layout").getAsString());
      assertEquals(backend, report.get("backend").getAsString());
      assertEquals(0, qemu.awaitExit(Duration.ofSeconds(30)));
    }
  }

  private void restore(String backend, String option, Object from) throws IOException {
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      JsonObject report =
          CommandRun.restore(qemu.qmpSocket(), from, options(backend, option)).done().json();
      assertEquals("mapped", report.get("layout").getAsString());
      assertEquals(backend, report.get("backend").getAsString());
      verify(qemu);
    }
  }

  private void loadPlainly(Path from) throws IOException {
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "plain")) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.execute(MAPPED);
        monitor.execute("{'execute':'migrate-incoming','arguments':{'uri':'file:" + from + "'}}");
        monitor.awaitMigration("completed");
      }
      verify(qemu);
    }
  }

  private static void verify(QemuProcess qemu) {
    qemu.awaitVerifiedRounds(2);
    assertFalse(qemu.serialText().contains("filled"), "has not started anew");
  }
}
