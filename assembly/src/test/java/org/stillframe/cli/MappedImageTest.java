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
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** The layout mapped is QEMU's own mapped-ram, in both directions and across versions. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MappedImageTest extends GuestFixture {
  private static final String MACHINE = "pc-q35-7.2";

  private static final String[] EARLY = {
    "-m",
    "64M,maxmem=1G,slots=2",
    "-object",
    "memory-backend-ram,id=vm0,size=128M",
    "-device",
    "virtio-mem-pci,memdev=vm0,requested-size=64M",
    "-device",
    "VGA",
  };

  private void save(QemuBuilder source, Object... options) throws IOException {
    try (QemuProcess qemu = Guests.verified(source)) {
      String[] texts = CommandRun.texts(options);
      CommandRun.save(qemu.qmpSocket(), image, texts).done();
    }
  }

  /** QEMU loads it by itself, with nothing of ours. */
  private void loadPlainly(QemuBuilder destination, Path from) throws IOException {
    try (QemuProcess qemu = destination.incoming("defer").start()) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.switchOn("mapped-ram");
        monitor.execute("{'execute':'migrate-incoming','arguments':{'uri':'file:" + from + "'}}");
        monitor.awaitMigration("completed");
      }
      verify(qemu);
    }
  }

  private void restore(QemuBuilder destination, Path from) throws IOException {
    try (QemuProcess qemu = destination.incoming("defer").start()) {
      CommandRun.restore(qemu.qmpSocket(), from).done();
      verify(qemu);
    }
  }

  private static void verify(QemuProcess qemu) {
    qemu.awaitVerifiedRounds(2);
    assertFalse(qemu.serialText().contains("filled"), "has not started anew");
  }

  @ParameterizedTest
  @ValueSource(strings = {"QEMU_10", "QEMU_7"})
  void plainQemuLoadsWhatWasSaved(QemuVersions version) throws IOException {
    save(guests.qemu(version, "source").machine(MACHINE), "--mapped-ram");
    loadPlainly(guests.qemu(QemuVersions.QEMU_10, "restored").machine(MACHINE), image);
  }

  @Test
  void sectionsAheadOfThePagesKeepTheirPlace() throws IOException {
    save(guests.qemu(QemuVersions.QEMU_10, "source").args(EARLY), "--direct-mapped");
    CommandRun.of("inspect", image)
        .done()
        .printed("layout mapped", "virtio-mem-device-early", "pages at 1048576");
    loadPlainly(guests.qemu(QemuVersions.QEMU_10, "plain").args(EARLY), image);
    restore(guests.qemu(QemuVersions.QEMU_10, "restored").args(EARLY), image);
  }

  @ParameterizedTest
  @CsvSource({"false, QEMU_10", "true, QEMU_7"})
  void fileOfPlainQemuIsRestoredAsAStream(boolean multifd, QemuVersions to) throws IOException {
    try (QemuProcess qemu =
            Guests.verified(guests.qemu(QemuVersions.QEMU_10, "source").machine(MACHINE));
        Monitor monitor = new Monitor(qemu.qmpSocket())) {
      monitor.switchOn((multifd ? "mapped-ram multifd" : "mapped-ram").split(" "));
      monitor.migrate("file:" + image);
      monitor.awaitMigration("completed");
    }
    JsonObject seen = CommandRun.of("inspect", image, "--json").done().json();
    assertEquals("mapped", seen.get("layout").getAsString());
    restore(guests.qemu(to, "restored").machine(MACHINE), image);
  }

  @Test
  void convertedThereAndBack() throws IOException {
    save(guests.qemu(QemuVersions.QEMU_10, "source").machine(MACHINE), "--format", "stream");
    Path mapped = directory.resolve("mapped.image");
    Path stream = directory.resolve("stream.image");
    CommandRun.of("convert", image, mapped, "--progress", "none").done();
    CommandRun.of("convert", mapped, stream, "--format", "stream", "--progress", "none")
        .done()
        .printed(
            "converted file:" + mapped + " into file:" + stream,
            "source     layout mapped",
            "layout stream");
    loadPlainly(guests.qemu(QemuVersions.QEMU_10, "mapped").machine(MACHINE), mapped);
    restore(guests.qemu(QemuVersions.QEMU_7, "stream").machine(MACHINE), stream);
  }

  @Test
  void saveThatWasNeverFinishedIsNamed() throws IOException {
    save(guests.qemu(QemuVersions.QEMU_10, "source"), "--format", "mapped");
    JsonObject blocks = CommandRun.of("inspect", image, "--json").done().json();
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      for (var block : blocks.getAsJsonObject("contents").getAsJsonArray("blocks")) {
        JsonObject one = block.getAsJsonObject();
        file.seek(one.get("bitmapOffset").getAsLong());
        file.write(new byte[(int) ((one.get("bytes").getAsLong() / 4096 + 63) / 64 * 8)]);
      }
    }
    CommandRun.of("inspect", image, "--progress", "none")
        .failed(1, image, "no page of any block is marked");
  }

  @Test
  void pipeHasNoPositions() throws Exception {
    try (CommandProcess command =
        CommandProcess.shell(
            directory,
            "$SF receive --listen fd:0 --format mapped fd:5 < /dev/null 5>&1 | cat >&2")) {
      assertTrue(command.await().err().contains("has no positions"));
    }
    assertFalse(Files.exists(image));
  }
}
