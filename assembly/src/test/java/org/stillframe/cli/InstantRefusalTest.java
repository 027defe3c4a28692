/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** No guest runs on memory that is not the image's. */
@Tag("qemu")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InstantRefusalTest {
  @TempDir Path directory;
  private InstantGuests guests;
  private Path image;

  @BeforeEach
  void describe() throws IOException {
    guests = new InstantGuests(directory);
    image = guests.saved(directory.resolve("vm.image"));
  }

  private static List<String> changed(List<String> words, UnaryOperator<String> change) {
    List<String> other = new ArrayList<>(words);
    other.replaceAll(change);
    return other;
  }

  private void refused(String name, List<String> arguments, Object... texts) throws IOException {
    try (QemuProcess qemu = guests.waiting(name, arguments)) {
      InstantGuests.restore(qemu, image).failed(4, texts);
      assertEquals("inmigrate", InstantGuests.status(qemu));
    }
  }

  @Test
  void otherMemoryThanTheImage() throws IOException {
    List<String> right = InstantGuests.arguments(image);
    String remedy = "qemu-args file:" + image + " --mode instant";
    refused("plain", List.of("-incoming", "defer"), "RAM block pc.ram", "no file", remedy);
    Path copy = Files.copy(image, directory.resolve("copy.image"));
    refused(
        "copy",
        changed(right, word -> word.replace(image.toString(), copy.toString())),
        "another file than the image, " + copy);
    refused(
        "place",
        changed(right, word -> word.replace("offset=1048576", "offset=1052672")),
        "mapped from byte 1052672 of the image, and not 1048576");
    refused(
        "shared",
        changed(
            right,
            word ->
                word.replace("share=off", "share=on")
                    .replace(",readonly=on", "")
                    .replace(",rom=off", "")),
        "share=on");
    refused(
        "touched",
        changed(right, word -> word.replace("share=off", "share=off,prealloc=on")),
        "KiB of it were written to",
        "prealloc=on");
  }

  /** QEMU has the older file open: its name says nothing. */
  @Test
  void anotherImageOfTheSameName() throws IOException {
    try (QemuProcess qemu = guests.waiting("older", InstantGuests.arguments(image))) {
      guests.saved(image, "--force");
      InstantGuests.restore(qemu, image).failed(4, "another file than the image", "(deleted)");
      assertEquals("inmigrate", InstantGuests.status(qemu));
    }
  }

  @Test
  void otherMachine() throws IOException {
    try (QemuProcess qemu =
        guests.waiting("more", InstantGuests.arguments(image), "-device", "VGA")) {
      InstantGuests.restore(qemu, image)
          .failed(4, "vga", "this QEMU has it, and the image has not");
      assertEquals("inmigrate", InstantGuests.status(qemu));
    }
  }

  @Test
  void staleSlotsAndTheWayOut() throws IOException {
    long page = clearPage();
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {7}), (1 << 20) + page * 4096 + 5);
    }
    String[] texts = {
      image + " at byte " + ((1 << 20) + page * 4096 + 5),
      "RAM block pc.ram",
      "the page at " + page * 4096,
      "stillframe convert"
    };
    CommandRun.of("qemu-args", image, "--mode", "instant").failed(2, (Object[]) texts);
    try (QemuProcess qemu = guests.plain().waiting(QemuVersions.QEMU_10, "plain")) {
      InstantGuests.restore(qemu, image).failed(2, (Object[]) texts);
      assertEquals("inmigrate", InstantGuests.status(qemu));
    }
    Path copy = directory.resolve("copy.image");
    CommandRun.of("convert", image, copy, "--progress", "none").done();
    try (QemuProcess qemu = guests.restored("instant", copy)) {
      qemu.awaitVerifiedRounds(2);
    }
  }

  /** The last page of RAM whose slot is a hole. */
  private long clearPage() throws IOException {
    byte[] head = Files.readAllBytes(image);
    int bitmap = InstantGuests.mainMemory(image).get("bitmapOffset").getAsInt();
    for (int page = 64 * 256 - 1; page >= 0; page--) {
      if ((head[bitmap + page / 8] >> page % 8 & 1) == 0) {
        return page;
      }
    }
    throw new AssertionError("no page is zero");
  }

  @Test
  void severalBlocksOfMainMemory() throws IOException {
    String[] nodes = {
      "-object",
      "memory-backend-ram,id=a,size=32M",
      "-object",
      "memory-backend-ram,id=b,size=32M",
      "-numa",
      "node,memdev=a",
      "-numa",
      "node,memdev=b"
    };
    Path numa = directory.resolve("numa.image");
    try (QemuProcess qemu =
        Guests.verified(guests.plain().qemu(QemuVersions.QEMU_10, "numa").args(nodes))) {
      CommandRun.save(qemu.qmpSocket(), numa).done();
    }
    CommandRun.of("qemu-args", numa, "--mode", "instant").failed(2, numa, "a, b", "NUMA");
    CommandRun.of("qemu-args", numa).done().printed("-machine pc-q35-10.0 -incoming defer");
  }

  @Test
  void nodeThatIsAllOfMainMemory() throws IOException {
    String[] node = {"-object", "memory-backend-ram,id=a,size=64M", "-numa", "node,memdev=a"};
    Path numa = directory.resolve("numa.image");
    try (QemuProcess qemu =
        Guests.verified(guests.plain().qemu(QemuVersions.QEMU_10, "numa").args(node))) {
      CommandRun.save(qemu.qmpSocket(), numa).done();
    }
    List<String> words =
        changed(InstantGuests.arguments(numa), word -> word.replace(",memory-backend=a", ""));
    try (QemuProcess qemu = guests.waiting("node", words, "-numa", "node,memdev=a")) {
      InstantGuests.restore(qemu, numa).done();
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void otherLayoutsAndWishes() throws Exception {
    Path stream = directory.resolve("stream.image");
    CommandRun.of("convert", image, stream, "--format", "stream", "--progress", "none").done();
    CommandRun.of("qemu-args", stream, "--mode", "instant")
        .failed(2, stream, "layout stream", "stillframe convert");
    CommandRun.of("qemu-args", stream)
        .done()
        .printed("-machine pc-q35-10.0 -m 64M -incoming defer");
    CommandRun.of("qemu-args", "fd:0", "--mode", "instant")
        .failed(2, "fd:0", "QEMU opens the image itself", "give the path", "leave --mode instant");
    try (QemuProcess qemu = guests.plain().waiting(QemuVersions.QEMU_10, "plain")) {
      for (String wish :
          List.of("--route memory", "--channels 2", "--backend posix", "--bypass-cache")) {
        InstantGuests.restore(qemu, image, wish.split(" ")).failed(2, "mode instant", "leave");
      }
      InstantGuests.restore(qemu, stream).failed(2, stream, "layout stream");
      assertEquals("inmigrate", InstantGuests.status(qemu));
    }
  }

  @Test
  void olderQemuDoesNotTellWhereRamLies() throws IOException {
    try (QemuProcess qemu = guests.plain().waiting(QemuVersions.QEMU_7, "older")) {
      InstantGuests.restore(qemu, image).failed(2, "does not tell where RAM lies");
      assertEquals("inmigrate", InstantGuests.status(qemu));
    }
  }

  @Test
  void killedAtAnyMoment() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int rounds = Integer.getInteger("stillframe.test.rounds", 6);
    for (int round = 0; round < rounds; round++) {
      try (QemuProcess qemu = guests.waiting("killed", InstantGuests.arguments(image))) {
        CommandProcess command =
            CommandProcess.start(
                directory, "restore", "--mode", "instant", "--qmp", qemu.qmpSocket(), image);
        Thread.sleep(300 + random.nextInt(1200));
        // SIGKILL.
        command.close();
        String where = "seed " + seed + ", round " + round;
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          // It heard nothing, or not all, or all of it: half a guest does not run.
          if (monitor.status().equals("running")) {
            qemu.awaitVerifiedRounds(2);
          } else {
            assertEquals("inmigrate", monitor.status(), where);
          }
        }
        assertTrue(qemu.isAlive(), where);
      }
    }
  }
}
