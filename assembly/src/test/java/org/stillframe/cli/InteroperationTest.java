/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.cli.InteropLoader.Refusal;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Each loader is given what each writer has written, and the guest says whether it is whole. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InteroperationTest {
  private static final String MACHINE = "pc-q35-7.2";

  private final Map<InteropWriter, Map<InteropLoader, String>> seen =
      new EnumMap<>(InteropWriter.class);
  private final List<String> refusedSaves = new ArrayList<>();
  private Guests guests;
  private Path image;

  @BeforeEach
  void describe(@TempDir Path directory, @TempDir(factory = OnDisk.class) Path storage)
      throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
    image = storage.resolve("vm.image");
  }

  @Order(1)
  @ParameterizedTest
  @EnumSource(InteropWriter.class)
  void whatIsWrittenIsLoaded(InteropWriter writer) throws IOException {
    try (QemuProcess qemu =
        Guests.verified(guests.qemu(writer.version(), "source").machine(MACHINE))) {
      writer.write(qemu, image);
    }
    Map<InteropLoader, String> row = new EnumMap<>(InteropLoader.class);
    seen.put(writer, row);
    QemuProcess waiting = null;
    try {
      for (InteropLoader loader : InteropLoader.values()) {
        // Who was refused by Stillframe waits on, and must still be able to load.
        if (waiting == null) {
          waiting =
              guests.qemu(loader.version(), "restored").machine(MACHINE).incoming("defer").start();
        }
        Optional<Refusal> refusal = loader.refusal(writer);
        if (refusal.isPresent()) {
          loader.refuse(waiting, image, writer.mapped(), refusal.get());
        } else {
          loader.load(waiting, image, writer.mapped());
        }
        row.put(loader, refusal.map(Refusal::letter).orElse("ok"));
        if (refusal.isEmpty() || !loader.leavesWaiting()) {
          waiting.close();
          waiting = null;
        }
      }
    } finally {
      if (waiting != null) {
        waiting.close();
      }
    }
  }

  @Order(2)
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "QEMU_10 | stream | multifd | fixed places | it writes pages in fixed places",
        "QEMU_10 | stream | native | the layout mapped | QEMU writes nothing but `mapped-ram` there",
        "QEMU_7 | mapped | native | it came with 9.0 | QEMU 7.2 has no `mapped-ram`",
      })
  void whatCannotBeWrittenIsRefused(
      QemuVersions version, String layout, String route, String words, String reason)
      throws IOException {
    try (QemuProcess qemu = Guests.verified(guests.qemu(version, "source").machine(MACHINE))) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", layout, "--route", route)
          .failed(2, "route " + route, words);
      qemu.awaitVerifiedRounds(2);
    }
    assertFalse(Files.exists(image));
    refusedSaves.add(
        "- route "
            + route
            + ", layout "
            + layout
            + (version == QemuVersions.QEMU_7 ? ", from QEMU 7.2: " : ": ")
            + reason);
  }

  @Order(3)
  @Test
  void theDocumentTellsIt() throws IOException {
    List<String> lines = new ArrayList<>();
    StringBuilder head = new StringBuilder("| written by | layout |");
    StringBuilder rule = new StringBuilder("|---|---|");
    for (InteropLoader loader : InteropLoader.values()) {
      head.append(' ').append(loader.label()).append(" |");
      rule.append("---|");
    }
    lines.add(head.toString());
    lines.add(rule.toString());
    for (InteropWriter writer : InteropWriter.values()) {
      StringBuilder line = new StringBuilder("| " + writer.label());
      line.append(writer.mapped() ? " | mapped |" : " | stream |");
      for (InteropLoader loader : InteropLoader.values()) {
        String verdict = seen.getOrDefault(writer, Map.of()).getOrDefault(loader, "not seen");
        line.append(' ').append(verdict).append(" |");
      }
      lines.add(line.toString());
    }
    lines.add("");
    lines.add("Refused, and nothing runs:");
    lines.add("");
    for (Refusal refusal : Refusal.values()) {
      lines.add("- " + refusal.letter() + ": " + refusal.reason());
    }
    lines.add("");
    lines.add("Saves that are refused, and the guest runs on:");
    lines.add("");
    lines.addAll(refusedSaves);
    new GeneratedPart("interoperation.md", "who loads what").require(lines, getClass());
  }
}
