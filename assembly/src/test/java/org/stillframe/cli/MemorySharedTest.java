/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** RAM that QEMU keeps in all sorts of memory: what it shares is not copied. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MemorySharedTest {
  private static final String NOT_COPIED = " MiB of RAM are shared and were not copied";
  private static final String SIZE = ",id=pc.ram,size=64M";
  private static final String DIMM = "slots=2,maxmem=256M";

  @TempDir Path directory;
  private Guests guests;
  private Path disk;
  private Path memory;
  private Path image;

  @BeforeEach
  void describe() throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
    disk = Files.createTempDirectory(Path.of("/var/tmp"), "stillframe-test");
    memory = Files.createTempDirectory(Path.of("/dev/shm"), "stillframe-test");
    image = disk.resolve("vm.image");
  }

  @AfterEach
  void clear() throws IOException {
    for (Path each : List.of(disk, memory)) {
      try (Stream<Path> files = Files.list(each)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(each);
    }
  }

  /** Describes a QEMU with its RAM in that sort of memory. */
  private QemuBuilder qemu(String name, String place) {
    QemuBuilder qemu = guests.qemu(QemuVersions.QEMU_10, name);
    String file = name + ".ram";
    return switch (place) {
      case "anonymous" -> qemu;
      case "memfd" -> backend(qemu, "memory-backend-memfd");
      case "tmpfs" -> backend(qemu, file(memory.resolve(file)) + ",share=on");
      case "disk" -> backend(qemu, file(disk.resolve(file)) + ",share=on");
      case "private tmpfs" -> backend(qemu, file(memory.resolve(file)) + ",share=off");
      case "prepared" ->
          backend(qemu, "memory-backend-ram,share=on,merge=off,dump=off,prealloc=on");
      case "numa" ->
          qemu.args(
              "-object",
              "memory-backend-memfd,id=m0,size=32M",
              "-object",
              "memory-backend-ram,id=m1,size=32M",
              "-numa",
              "node,memdev=m0,cpus=0",
              "-numa",
              "node,memdev=m1");
      case "dimm" -> dimm(qemu, "memory-backend-ram");
      case "shared dimm" -> dimm(qemu, "memory-backend-memfd");
      default -> throw new IllegalArgumentException(place);
    };
  }

  private static String file(Path path) {
    return "memory-backend-file,mem-path=" + path;
  }

  private static QemuBuilder backend(QemuBuilder qemu, String kind) {
    return qemu.args("-object", kind + SIZE, "-machine", "memory-backend=pc.ram");
  }

  private static QemuBuilder dimm(QemuBuilder qemu, String kind) {
    return qemu.args(
        "-m",
        "64M," + DIMM,
        "-object",
        kind + ",id=more,size=32M",
        "-device",
        "pc-dimm,memdev=more,id=dimm");
  }

  private static void reported(JsonObject report, int uncopied) {
    String reason = report.get("routeReason").getAsString();
    assertEquals("memory", report.get("route").getAsString());
    assertEquals(uncopied > 0, reason.contains(NOT_COPIED), reason);
    assertTrue(uncopied == 0 || reason.contains(" " + uncopied + NOT_COPIED), reason);
  }

  @ParameterizedTest
  @CsvSource({
    "memfd, 64, memfd, 64, --channels 1",
    "memfd, 64, anonymous, 0, --backend posix",
    "tmpfs, 64, tmpfs, 64, --bypass-cache --channels 3",
    "disk, 64, disk, 0, --backend odirect --bypass-cache",
    "private tmpfs, 0, private tmpfs, 0, --channels 2",
    "anonymous, 0, memfd, 64, --bypass-cache",
    "prepared, 64, prepared, 64, --backend posix",
    "numa, 32, numa, 32, --bypass-cache",
    "dimm, 0, dimm, 0, --channels 2",
    "shared dimm, 32, shared dimm, 32, --channels 2",
  })
  void guestIsWhatItWas(String from, int saved, String to, int restored, String options)
      throws IOException {
    String[] all = ("--route memory --json " + options).split(" ");
    try (QemuProcess source = Guests.verified(qemu("source", from))) {
      reported(CommandRun.save(source.qmpSocket(), image, all).done().json(), saved);
    }
    try (QemuProcess qemu = qemu("plain", from).incoming("defer").start()) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.switchOn("mapped-ram");
        monitor.execute("{'execute':'migrate-incoming','arguments':{'uri':'file:" + image + "'}}");
        monitor.awaitMigration("completed");
      }
      qemu.awaitVerifiedRounds(2);
    }
    try (QemuProcess qemu = qemu("restored", to).incoming("defer").start()) {
      reported(CommandRun.restore(qemu.qmpSocket(), image, all).done().json(), restored);
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  /** KiB of memory that the files in it take. */
  private long occupied() throws Exception {
    return Long.parseLong(HostCommand.run("du", "-sk", memory.toString()).split("\\s")[0]);
  }

  /** What was never touched takes no memory, neither when it is saved nor when it is restored. */
  @Test
  void holesStayHoles() throws Exception {
    try (QemuProcess source = Guests.verified(qemu("source", "tmpfs"))) {
      long used = occupied();
      CommandRun.save(source.qmpSocket(), image, "--route", "memory").done();
      assertEquals(used, occupied(), "KiB");
    }
    long before = occupied();
    try (QemuProcess qemu = qemu("restored", "tmpfs").incoming("defer").start()) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "memory", "--paused").done();
      long used = occupied() - before;
      assertTrue(used > 40 << 10 && used < 48 << 10, used + " KiB for 40 MiB that are filled");
    }
  }

  /** QEMU's monitor may be there a moment before its RAM. */
  private static String sharedArea(long process) throws Exception {
    while (true) {
      Optional<String> area =
          Files.readAllLines(Path.of("/proc/" + process + "/maps")).stream()
              .filter(line -> line.contains("/memfd:"))
              .map(line -> line.substring(0, line.indexOf(' ')))
              .findFirst();
      if (area.isPresent()) {
        return area.get();
      }
      Thread.sleep(10);
    }
  }

  /** A restore that was killed may have left something where this guest has zeros. */
  @ParameterizedTest
  @ValueSource(strings = {"memory", "native", "multifd", "stream"})
  void whatSomebodyElseHasLeftInMemoryIsNotMixedWithTheGuest(String route) throws Exception {
    try (QemuProcess source = Guests.verified(qemu("source", "memfd"))) {
      CommandRun.save(source.qmpSocket(), image).done();
    }
    try (QemuProcess qemu = qemu("restored", "memfd").incoming("defer").start()) {
      Path shared = Path.of("/proc/" + qemu.pid() + "/map_files/" + sharedArea(qemu.pid()));
      ByteBuffer page = ByteBuffer.allocate(4096);
      long behindTheFilled = 50 << 20;
      try (FileChannel file = FileChannel.open(shared, READ, WRITE)) {
        file.write(ByteBuffer.wrap("left over".getBytes(UTF_8)), behindTheFilled);
        CommandRun run = CommandRun.restore(qemu.qmpSocket(), image, "--route", route, "--paused");
        if (route.equals("native")) {
          // There QEMU reads the image, and clears nothing.
          run.failed(4, "RAM block pc.ram", "there is something in its RAM already");
          return;
        }
        run.done();
        file.read(page, behindTheFilled);
      }
      assertEquals(ByteBuffer.allocate(4096), page.flip());
    }
  }

  /** What is lent to the storage is taken back where the storage fails. */
  @Test
  void fullDiskCostsNoGuest() throws Exception {
    try (SmallDisk small = new SmallDisk(directory, 24 << 20);
        QemuProcess source = Guests.verified(qemu("source", "memfd"))) {
      Path target = small.mountPoint().resolve("vm.image");
      for (String backend : new String[] {"posix", "odirect", "uring"}) {
        CommandRun.save(source.qmpSocket(), target, "--route", "memory", "--backend", backend)
            .failed(3, "file:" + target, "No space left on device");
        try (Monitor monitor = new Monitor(source.qmpSocket())) {
          assertEquals("running", monitor.status());
          assertEquals("[]", monitor.execute("{'execute':'query-fdsets'}").toString());
        }
      }
      source.awaitVerifiedRounds(2);
      // Done by this very process, which has given back what it had mapped.
      String own = Files.readString(Path.of("/proc/self/maps"));
      assertFalse(own.contains("memory-backend-memfd"), own);
    }
  }

  @Test
  void whatQemuMayOnlyReadCannotBeRestored() throws Exception {
    Path rom = Files.write(directory.resolve("rom"), new byte[2 << 20]);
    String[] more = {
      "-m",
      "64M," + DIMM,
      "-machine",
      "nvdimm=on",
      "-object",
      "memory-backend-file,id=rom,size=2M,share=on,readonly=on,mem-path=" + rom,
      "-device",
      "nvdimm,memdev=rom,id=nv,unarmed=on"
    };
    QemuBuilder qemu = guests.qemu(QemuVersions.QEMU_10, "source").args(more);
    try (QemuProcess source = Guests.verified(qemu)) {
      JsonObject report =
          CommandRun.save(source.qmpSocket(), image, "--route", "memory", "--json").done().json();
      reported(report, 2);
    }
    qemu = guests.qemu(QemuVersions.QEMU_10, "restored").args(more).incoming("defer");
    try (QemuProcess restored = qemu.start()) {
      CommandRun.restore(restored.qmpSocket(), image, "--route", "memory")
          .failed(4, "RAM block rom", "may only read it", "not readonly");
      try (Monitor monitor = new Monitor(restored.qmpSocket())) {
        assertEquals("inmigrate", monitor.status());
      }
    }
  }

  @Test
  void virtioMemIsRefusedByName() throws Exception {
    QemuBuilder qemu =
        guests
            .qemu(QemuVersions.QEMU_10, "source")
            .args("-m", "64M," + DIMM, "-object", "memory-backend-memfd,id=more,size=64M")
            .args("-device", "virtio-mem-pci,memdev=more,id=vm,requested-size=32M");
    try (QemuProcess source = Guests.verified(qemu)) {
      CommandRun.save(source.qmpSocket(), image, "--route", "memory")
          .failed(2, "route memory", "virtio-mem", "use the route multifd or stream");
      try (Monitor monitor = new Monitor(source.qmpSocket())) {
        assertEquals("running", monitor.status());
      }
    }
  }
}
