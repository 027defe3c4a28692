/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Guests whose RAM is made of huge pages, which the test takes from its host for a while. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HugePagesTest {
  /** As many as one guest takes: there is one at a time. */
  private static final int PAGES = 32;

  @TempDir Path directory;
  private HugePages pages;
  private Guests guests;
  private Path image;

  @BeforeEach
  void reserve() throws Exception {
    pages = new HugePages(PAGES, Files.createDirectory(directory.resolve("huge")));
    guests = new Guests(directory, Mode.REWRITE);
    image = directory.resolve("vm.image");
  }

  @AfterEach
  void giveBack() throws Exception {
    pages.close();
  }

  /** Describes a QEMU with its RAM in a memfd, which it shares, or in a file, which it does not. */
  private QemuBuilder qemu(String name, String place) {
    QemuBuilder qemu = guests.qemu(QemuVersions.QEMU_10, name);
    return switch (place) {
      case "memfd" ->
          qemu.args(
              "-object",
              "memory-backend-memfd,id=pc.ram,size=64M,hugetlb=on,hugetlbsize=2M",
              "-machine",
              "memory-backend=pc.ram");
      case "mem-path" -> qemu.args("-mem-path", pages.mountPoint().toString());
      case "prepared" -> qemu(name, "mem-path").args("-mem-prealloc");
      case "ordinary" -> qemu;
      default -> throw new IllegalArgumentException(place);
    };
  }

  @ParameterizedTest
  @CsvSource({
    "memfd, memory, memfd, memory",
    "memfd, multifd, mem-path, multifd",
    "memfd, native, memfd, native",
    "memfd, stream, prepared, stream",
    "mem-path, memory, memfd, native",
    "mem-path, multifd, memfd, stream",
    "mem-path, native, prepared, memory",
    "prepared, memory, ordinary, memory",
    "prepared, stream, mem-path, native",
    "ordinary, memory, memfd, multifd",
    "ordinary, native, mem-path, memory",
  })
  void guestIsWhatItWas(String from, String save, String to, String restore) throws IOException {
    try (QemuProcess source = Guests.verified(qemu("source", from))) {
      assertHuge(source, from);
      JsonObject report =
          CommandRun.save(
                  source.qmpSocket(), image, "--route", save, "--format", "mapped", "--json")
              .done()
              .json();
      boolean uncopied = report.get("routeReason").getAsString().contains("were not copied");
      assertEquals(from.equals("memfd") && save.equals("memory"), uncopied, report.toString());
    }
    try (QemuProcess qemu = qemu("restored", to).incoming("defer").start()) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", restore).done();
      assertHuge(qemu, to);
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  /** Else this would test ordinary memory. */
  private static void assertHuge(QemuProcess qemu, String place) throws IOException {
    String smaps = Files.readString(Path.of("/proc/" + qemu.pid() + "/smaps"));
    assertEquals(!place.equals("ordinary"), smaps.contains("KernelPageSize:     2048 kB"));
  }
}
