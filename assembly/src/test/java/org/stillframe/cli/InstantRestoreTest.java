/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A guest's memory is mapped from its image, and read as the guest uses it. */
@Tag("qemu")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class InstantRestoreTest {
  @TempDir Path directory;
  private InstantGuests guests;
  private Path image;

  /** The name of the image is one that QEMU and a shell would take apart. */
  @BeforeEach
  void describe() throws IOException {
    guests = new InstantGuests(directory);
    image = directory.resolve("a guest's, saved.image");
  }

  @ParameterizedTest
  @CsvSource({
    "q35, --route memory, ''",
    "pc, --route memory --bypass-cache, -device VGA -device virtio-net-pci",
    "pc, --route native, ''",
    "q35, --format stream, -device VGA",
    "q35, --route multifd --live, ''",
  })
  void twoGuestsOfOneImage(String machine, String save, String devices) throws IOException {
    String[] more = devices.isEmpty() ? new String[0] : devices.split(" ");
    Path saved = save.contains("stream") ? directory.resolve("stream") : image;
    try (QemuProcess qemu =
        Guests.verified(
            guests.plain().qemu(QemuVersions.QEMU_10, "source").machine(machine).args(more))) {
      CommandRun.save(qemu.qmpSocket(), saved, save.split(" ")).done();
    }
    if (saved != image) {
      CommandRun.of("convert", saved, image, "--progress", "none").done();
    }
    String before = InstantGuests.digest(image);
    try (QemuProcess one = guests.waiting("one", InstantGuests.arguments(image), more);
        QemuProcess two = guests.waiting("two", InstantGuests.arguments(image), more)) {
      JsonObject report = InstantGuests.restore(one, image).done().json();
      assertEquals("instant", report.get("mode").getAsString());
      assertEquals("stream", report.get("route").getAsString());
      assertEquals("none", report.get("backend").getAsString());
      InstantGuests.restore(two, image).done();
      for (QemuProcess qemu : new QemuProcess[] {one, two}) {
        assertEquals("running", InstantGuests.status(qemu));
        qemu.awaitVerifiedRounds(3);
        assertFalse(qemu.serialText().contains("filled"), "has not started anew");
      }
    }
    assertEquals(before, InstantGuests.digest(image));
  }

  /** Main memory has another name there, lies on both sides of 4 GiB, or was shared with others. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "microvm, virtio, 4, 16 MiB, anonymous, 10, 10, native, stream",
        "q35, VGA, 4, 5 GiB, memfd, 10, 10, multifd, stream",
        "pc, e1000e, 1, 1 GiB, file, 10, 10, native, stream",
      })
  void otherMachines(String row) throws IOException {
    MachineSetup setup = MachineSetup.parse(row);
    setup.writeDisk(directory.resolve("disk"));
    try (QemuProcess qemu = Guests.verified(setup.qemu(true, directory))) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", "mapped", "--route", setup.save())
          .done();
    }
    MachineSetup bare = MachineSetup.parse(row.replaceAll("memfd|file", "anonymous"));
    String[] words = InstantGuests.arguments(image).toArray(String[]::new);
    try (QemuProcess qemu = bare.qemu(false, directory).args(words).start()) {
      InstantGuests.restore(qemu, image).done();
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--route memory",
        "--route multifd --format mapped",
        "--route native",
        "--route stream --format stream",
      })
  void savedAgain(String save) throws IOException {
    guests.saved(image);
    Path again = directory.resolve("again.image");
    try (QemuProcess qemu = guests.restored("instant", image)) {
      qemu.awaitVerifiedRounds(1);
      CommandRun.save(qemu.qmpSocket(), again, save.split(" ")).done();
    }
    try (QemuProcess qemu = guests.plain().waiting(QemuVersions.QEMU_10, "eager")) {
      CommandRun.restore(qemu.qmpSocket(), again).done();
      qemu.awaitVerifiedRounds(3);
    }
  }

  /** What was never touched of a private mapping is not zero. */
  @Test
  void nothingTouchedIsSavedAgain() throws IOException {
    guests.saved(image);
    Path again = directory.resolve("again.image");
    try (QemuProcess qemu = guests.restored("instant", image, "--paused")) {
      assertEquals("paused", InstantGuests.status(qemu));
      CommandRun.save(qemu.qmpSocket(), again, "--route", "memory").done();
    }
    assertEquals(dataPages(image), dataPages(again));
    try (QemuProcess qemu = guests.restored("again", again, "--running")) {
      qemu.awaitVerifiedRounds(2);
    }
  }

  private static long dataPages(Path image) {
    return InstantGuests.mainMemory(image).get("dataPages").getAsLong();
  }

  @Test
  void imageIsReplacedAndRemovedWhileTheGuestLives() throws IOException {
    guests.saved(image);
    try (QemuProcess qemu = guests.restored("instant", image)) {
      Object inode = Files.getAttribute(image, "unix:ino");
      guests.saved(image, "--force");
      assertNotEquals(inode, Files.getAttribute(image, "unix:ino"));
      qemu.awaitVerifiedRounds(2);
      Files.delete(image);
      qemu.awaitVerifiedRounds(qemu.serialText().split("ok ").length + 2);
    }
  }

  @Test
  void runStateIsAsSavedOrAsAsked() throws IOException {
    try (QemuProcess qemu = guests.running("q35")) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.execute("{'execute':'stop'}");
      }
      CommandRun.save(qemu.qmpSocket(), image).done();
    }
    try (QemuProcess qemu = guests.restored("as saved", image)) {
      assertEquals("paused", InstantGuests.status(qemu));
    }
    try (QemuProcess qemu = guests.restored("running", image, "--running")) {
      assertEquals("running", InstantGuests.status(qemu));
      qemu.awaitVerifiedRounds(2);
    }
  }

  /** RAM that waits is not zero there: pages of zeros have to be told and taken. */
  @ParameterizedTest
  @ValueSource(strings = {"memory", "multifd", "stream"})
  void anotherGuestIsLoadedOverIt(String route) throws IOException {
    guests.saved(image);
    Path bare = directory.resolve("bare.image");
    try (QemuProcess qemu = guests.plain().qemu(QemuVersions.QEMU_10, "bare").args("-S").start()) {
      CommandRun.save(qemu.qmpSocket(), bare).done();
    }
    long pages = dataPages(bare);
    assertTrue(pages < dataPages(image) / 2, "hardly anything is in RAM: " + pages);
    Path again = directory.resolve("again.image");
    try (QemuProcess qemu = guests.waiting("waiting", InstantGuests.arguments(image))) {
      CommandRun.restore(qemu.qmpSocket(), bare, "--route", "native")
          .failed(4, "RAM block pc.ram", "something in its RAM already", "use the route");
      CommandRun.restore(qemu.qmpSocket(), bare, "--route", route, "--paused").done();
      CommandRun.save(qemu.qmpSocket(), again, "--route", "memory").done();
    }
    assertEquals(pages, dataPages(again));
  }
}
