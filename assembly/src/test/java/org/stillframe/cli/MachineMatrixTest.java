/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.stillframe.testguest.QemuProcess;

/** Guests of many kinds, so few that every two of their features meet in one of them at least. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MachineMatrixTest {
  private static final String[] ROWS = {
    "q35, bare, 1, 16 MiB, file, 7, 10, stream, multifd",
    "q35, bare, 1, 5 GiB, anonymous, 10, 10, multifd, stream",
    "q35, VGA, 1, 1 GiB, memfd, 10, 10, native, multifd",
    "q35, VGA, 4, 16 MiB, anonymous, 7, 7, stream, stream",
    "q35, virtio, 1, 16 MiB, file, 10, 10, native, stream",
    "q35, virtio, 1, 5 GiB, memfd, 10, 10, stream, native",
    "q35, xhci, 1, 16 MiB, memfd, 10, 10, stream, stream",
    "q35, xhci, 4, 5 GiB, file, 10, 10, native, stream",
    "q35, e1000e, 1, 5 GiB, memfd, 10, 7, multifd, multifd",
    "pc, bare, 1, 1 GiB, memfd, 10, 7, native, stream",
    "pc, VGA, 4, 5 GiB, file, 7, 10, multifd, native",
    "pc, virtio, 1, 1 GiB, anonymous, 10, 10, multifd, multifd",
    "pc, xhci, 1, 16 MiB, anonymous, 10, 10, stream, native",
    "pc, e1000e, 4, 16 MiB, anonymous, 10, 10, native, multifd",
    "microvm, bare, 4, 1 GiB, anonymous, 10, 10, stream, native",
    "microvm, virtio, 4, 16 MiB, memfd, 7, 7, multifd, stream",
    "microvm, xhci, 1, 1 GiB, file, 7, 7, multifd, multifd",
    "microvm, e1000e, 1, 1 GiB, file, 10, 10, native, native",
    "microvm, e1000e, 1, 5 GiB, anonymous, 7, 7, stream, stream",
  };

  private final Set<MachineSetup> verified = new HashSet<>();

  static Stream<MachineSetup> setups() {
    return Stream.of(ROWS).map(MachineSetup::parse);
  }

  @Order(1)
  @ParameterizedTest
  @MethodSource("setups")
  void guestIsWhatItWas(MachineSetup setup, @TempDir Path directory) throws IOException {
    Path image = directory.resolve("vm.image");
    setup.writeDisk(directory.resolve("disk"));
    try (QemuProcess qemu = Guests.verified(setup.qemu(true, directory))) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", setup.layout(), "--route", setup.save())
          .done();
    }
    Files.deleteIfExists(directory.resolve("ram"));
    try (QemuProcess qemu = setup.qemu(false, directory).incoming("defer").start()) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", setup.restore()).done();
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
    verified.add(setup);
  }

  @Order(2)
  @Test
  void everyTwoFeaturesMeet() {
    Set<String> missing = new TreeSet<>();
    forEachPossible(new ArrayList<>(), setup -> missing.addAll(pairs(setup)));
    setups().map(MachineMatrixTest::pairs).forEach(missing::removeAll);
    assertEquals(Set.of(), missing);
  }

  @Order(3)
  @Test
  void theDocumentTellsIt() throws IOException {
    List<String> lines = new ArrayList<>();
    lines.add(
        "| machine | devices | processors | RAM | it is kept in | saved from QEMU | by route |"
            + " layout | restored into QEMU | by route | verdict |");
    lines.add("|---|---|---|---|---|---|---|---|---|---|---|");
    for (MachineSetup setup : setups().toList()) {
      lines.add(
          "| "
              + String.join(
                  " | ",
                  setup.machine(),
                  setup.devices(),
                  setup.cpus(),
                  setup.memory(),
                  setup.backend(),
                  version(setup.from()),
                  setup.save(),
                  setup.layout(),
                  version(setup.to()),
                  setup.restore(),
                  verified.contains(setup) ? "ok" : "not seen")
              + " |");
    }
    new GeneratedPart("interoperation.md", "machines").require(lines, getClass());
  }

  private static String version(String name) {
    return name.equals("7") ? "7.2" : name;
  }

  private static void forEachPossible(List<String> values, Consumer<MachineSetup> consumer) {
    if (values.size() == MachineSetup.CHOICES.size()) {
      MachineSetup setup = MachineSetup.parse(String.join(", ", values));
      if (setup.isPossible()) {
        consumer.accept(setup);
      }
      return;
    }
    for (String value : MachineSetup.CHOICES.get(values.size())) {
      values.add(value);
      forEachPossible(values, consumer);
      values.remove(values.size() - 1);
    }
  }

  private static Set<String> pairs(MachineSetup setup) {
    List<String> values = setup.values();
    Set<String> pairs = new HashSet<>();
    for (int a = 0; a < values.size(); a++) {
      for (int b = a + 1; b < values.size(); b++) {
        pairs.add("column " + a + " " + values.get(a) + ", column " + b + " " + values.get(b));
      }
    }
    return pairs;
  }
}
