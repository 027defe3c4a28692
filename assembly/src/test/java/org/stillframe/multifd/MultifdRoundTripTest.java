/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.multifd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.ProgressListener;
import org.stillframe.channel.Supervision;
import org.stillframe.channel.ThreadChannelScheduler;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.error.StorageException;
import org.stillframe.guest.Guest;
import org.stillframe.guest.MultifdLoad;
import org.stillframe.guest.MultifdSave;
import org.stillframe.guest.Pace;
import org.stillframe.guest.Patience;
import org.stillframe.guest.Qmp;
import org.stillframe.guest.QmpGuestConnector;
import org.stillframe.guest.SaveOutcome;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;
import org.stillframe.testguest.BootSector;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Takes a guest out of a QEMU by multifd, puts it into another, and lets the guest judge. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class MultifdRoundTripTest {
  private static final int MEMORY_MIB = 64;
  private static final int FILLED_MIB = 32;

  private final SystemCalls system = new SystemCalls();
  private final Sockets sockets = new Sockets(system);
  private final ThreadChannelScheduler scheduler = new ThreadChannelScheduler();
  private final RamMap map = new RamMap();

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "QEMU_10, q35, 1, QEMU_10, 4",
    "QEMU_10, pc, 2, QEMU_10, 1",
    "QEMU_10, q35, 4, QEMU_10, 2",
    "QEMU_7, q35, 1, QEMU_7, 2",
    "QEMU_7, pc, 2, QEMU_7, 4",
    "QEMU_7, q35, 4, QEMU_7, 1",
    "QEMU_7, pc-q35-7.2, 2, QEMU_10, 2",
    "QEMU_10, pc-q35-7.2, 4, QEMU_7, 4",
    "QEMU_10, pc-q35-7.2, 2, QEMU_10, 2",
  })
  void guestThatRanRunsOn(
      QemuVersions from, String machine, int received, QemuVersions to, int sent) throws Exception {
    disk();
    try (QemuProcess qemu = qemu(from, "source").machine(machine).start()) {
      qemu.awaitVerifiedRounds(1);
      String before = settings(qemu);
      SaveOutcome outcome = save(qemu, received, 0);
      assertTrue(outcome.stoppedAt().isPresent());
      assertEquals(before, settings(qemu));
      map.toSend(sent);
    }
    assertReceived();
    restored(to, machine, sent, "running");
  }

  @ParameterizedTest
  @CsvSource({"QEMU_10, 3", "QEMU_7, 3"})
  void pagesThatAreWrittenMeanwhileComeAgain(QemuVersions version, int channels) throws Exception {
    disk();
    try (QemuProcess qemu = qemu(version, "source").start()) {
      qemu.awaitVerifiedRounds(1);
      // Slow enough for the guest to write all of it again before it is stopped.
      save(qemu, channels, 24 << 20);
      map.toSend(channels);
    }
    assertTrue(map.pages.get() > (FILLED_MIB << 8), "sent again: " + map.pages);
    restored(version, "q35", channels, "running");
  }

  @ParameterizedTest
  @CsvSource({"QEMU_10, q35", "QEMU_7, pc"})
  void guestThatStandsStill(QemuVersions version, String machine) throws Exception {
    disk();
    try (QemuProcess qemu = qemu(version, "source").machine(machine).start()) {
      qemu.awaitVerifiedRounds(1);
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.execute("{'execute':'stop'}");
      }
      SaveOutcome outcome = save(qemu, 2, 0);
      assertTrue(outcome.stoppedAt().isEmpty());
      map.toSend(2);
    }
    restored(version, machine, 2, "paused");
  }

  @ParameterizedTest
  @CsvSource({"QEMU_10, q35", "QEMU_10, pc-q35-7.2", "QEMU_7, q35"})
  void pagesThatAreSentBeforeTheListOfBlocksWait(QemuVersions version, String machine)
      throws Exception {
    disk();
    try (QemuProcess qemu = qemu(version, "source").machine(machine).start()) {
      qemu.awaitVerifiedRounds(1);
      save(qemu, 2, 0);
      map.toSend(2);
    }
    // Records of zero pages in the main stream would wait for the list, and keep the pages back.
    map.zeroPagesToo = false;
    CountDownLatch sent = new CountDownLatch(2);
    map.whenAskedAgain = sent::countDown;
    map.beforeList =
        () -> {
          sent.await();
          // QEMU has had time to read them; if it did, it would have ended.
          Thread.sleep(500);
          return null;
        };
    restored(version, machine, 2, "running");
  }

  @Test
  void guestWithDevicesAheadOfThePagesAndAUuid() throws Exception {
    disk();
    String[] more = {
      "-uuid", "5a1e8d0c-3b7f-4c52-9d64-0123456789ab",
      "-m", "64M,maxmem=1G,slots=2",
      "-object", "memory-backend-ram,id=vm0,size=128M",
      "-device", "virtio-mem-pci,memdev=vm0,requested-size=64M",
      "-device", "VGA",
    };
    try (QemuProcess qemu = qemu(QemuVersions.QEMU_10, "source").args(more).start()) {
      qemu.awaitVerifiedRounds(1);
      save(qemu, 2, 0);
      map.toSend(2);
    }
    assertTrue(map.earlySections().length > 0);
    restored(QemuVersions.QEMU_10, "q35", 2, "running", more);
  }

  @ParameterizedTest
  @CsvSource({"QEMU_10, -run-with, user=nobody", "QEMU_7, -runas, nobody"})
  void aQemuOfAnotherUserIsLetIn(QemuVersions version, String option, String value)
      throws Exception {
    disk();
    boolean root = (int) Files.getAttribute(directory, "unix:uid") == 0;
    assertTrue(root, "this test gives QEMU to another user, which needs root");
    try (QemuProcess qemu = qemu(version, "source").args(option, value).start()) {
      qemu.awaitVerifiedRounds(1);
      save(qemu, 2, 0);
      map.toSend(2);
    }
    restored(version, "q35", 2, "running", option, value);
  }

  @ParameterizedTest
  @CsvSource({"QEMU_10", "QEMU_7"})
  void aSaveThatComesToNothingAtAnyMomentCostsNoGuest(QemuVersions version) throws Exception {
    disk();
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int rounds = Integer.getInteger("stillframe.test.rounds", 24);
    try (QemuProcess qemu = qemu(version, "source").start()) {
      qemu.awaitVerifiedRounds(1);
      String before = settings(qemu);
      for (int round = 0; round < rounds; round++) {
        String where = "seed " + seed + ", round " + round;
        // Slow enough never to be done before it comes to nothing, at times.
        long bandwidth = random.nextBoolean() ? 0 : 1 << 20;
        switch (round % 3) {
          case 0 -> cancelled(qemu, random.nextInt(120), 1 << 20, where);
          case 1 -> failing(qemu, random.nextInt(8000), bandwidth, where);
          default -> hanging(qemu, random.nextInt(200), bandwidth, where);
        }
        assertEquals(before, settings(qemu), where);
      }
      qemu.awaitVerifiedRounds(2);
      save(qemu, 2, 0);
      map.toSend(2);
    }
    restored(version, "q35", 2, "running");
  }

  private void cancelled(QemuProcess qemu, int millis, long bandwidth, String where)
      throws Exception {
    unfinished(qemu, new RamMap(), millis, bandwidth, ErrorCode.CANCELLED, where);
  }

  private void failing(QemuProcess qemu, int page, long bandwidth, String where) throws Exception {
    RamMap failing = new RamMap();
    failing.beforeStore =
        () -> {
          if (failing.pages.get() >= Math.min(page, bandwidth == 0 ? page : 100)) {
            throw new StorageException(ErrorCode.STORAGE, "image", "made to fail", "");
          }
        };
    unfinished(qemu, failing, 60_000, bandwidth, ErrorCode.STORAGE, where);
  }

  /** The storage takes no page, until its channel is interrupted. */
  private void hanging(QemuProcess qemu, int millis, long bandwidth, String where)
      throws Exception {
    RamMap hanging = new RamMap();
    hanging.beforeStore =
        () -> {
          try {
            Thread.sleep(Duration.ofMinutes(5).toMillis());
          } catch (InterruptedException e) {
            throw new StorageException(ErrorCode.STORAGE, "image", "interrupted", "");
          }
        };
    unfinished(qemu, hanging, millis, bandwidth, ErrorCode.CANCELLED, where);
  }

  private void unfinished(
      QemuProcess qemu, RamMap sink, int millis, long bandwidth, ErrorCode expected, String where)
      throws Exception {
    CancelToken token = new CancelToken();
    Thread canceller =
        new Thread(
            () -> {
              try {
                Thread.sleep(millis);
                token.cancel();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    try (Guest guest = connect(qemu)) {
      canceller.start();
      MultifdSave route = new MultifdSave(system, sockets, scheduler);
      StillframeException e =
          assertThrows(
              StillframeException.class,
              () ->
                  route.save(
                      guest,
                      sink,
                      4,
                      new Pace(bandwidth, Optional.empty()),
                      () -> 0,
                      supervision(token)),
              where);
      assertEquals(expected, e.code(), where + ": " + e);
      assertEquals(List.of(), List.of(e.getSuppressed()), where);
      // It may have been stopped, and even have been sent to its end, while nobody listened.
      if (!guest.status().running()) {
        guest.resume();
      }
    } finally {
      canceller.interrupt();
      canceller.join();
    }
  }

  private void assertReceived() {
    long filled = FILLED_MIB << 8;
    assertTrue(map.pages.get() >= filled, map.pages + " pages");
    assertTrue(map.runs.get() * 8 < map.pages.get(), map.runs + " runs of " + map.pages);
    assertTrue(map.flushes.get() >= 2, map.flushes + " flushes");
    assertEquals(0, map.zerosInChannels.get());
    assertTrue(map.zerosInMain.get() > 0);
  }

  private void restored(
      QemuVersions version, String machine, int channels, String status, String... more)
      throws Exception {
    QemuBuilder builder = qemu(version, "restored").machine(machine).args(more).incoming("defer");
    try (QemuProcess qemu = builder.start()) {
      String before = settings(qemu);
      try (Guest guest = connect(qemu)) {
        new MultifdLoad(system, sockets, scheduler).load(guest, map, channels, supervision());
        assertEquals(status, guest.status().name());
        if (!status.equals("running")) {
          guest.resume();
        }
      }
      assertTrue(map.sentPages.get() >= FILLED_MIB << 8);
      assertEquals(before, settings(qemu));
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
      assertNoSocketsLeft(qemu);
    }
  }

  private SaveOutcome save(QemuProcess qemu, int channels, long bandwidth) throws Exception {
    try (Guest guest = connect(qemu)) {
      MultifdSave route = new MultifdSave(system, sockets, scheduler);
      return route.save(
          guest, map, channels, new Pace(bandwidth, Optional.empty()), () -> 0, supervision());
    }
  }

  private Guest connect(QemuProcess qemu) throws StillframeException {
    Duration patience = Duration.ofSeconds(30);
    return new QmpGuestConnector(system, sockets)
        .connect(Qmp.at(qemu.qmpSocket()), patience, Patience.NONE);
  }

  private static Supervision supervision() {
    return supervision(new CancelToken());
  }

  private static Supervision supervision(CancelToken token) {
    return new Supervision(
        "multifd",
        new CancelToken(),
        token,
        Optional.of(Duration.ofMinutes(2)),
        ProgressListener.NONE);
  }

  private static String settings(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      return monitor.migrationSettings();
    }
  }

  /** Of this process and its QEMU: others on the host may be at the same at this moment. */
  private static void assertNoSocketsLeft(QemuProcess qemu) throws IOException {
    Set<String> own = inodes(ProcessHandle.current().pid());
    own.addAll(inodes(qemu.pid()));
    assertFalse(own.isEmpty(), "a QEMU has sockets");
    for (String line : Files.readAllLines(Path.of("/proc/net/unix"))) {
      // Num RefCount Protocol Flags Type St Inode Path
      String[] fields = line.strip().split(" +");
      assertFalse(line.contains("/stillframe-") && own.contains(fields[6]), line);
    }
  }

  private static Set<String> inodes(long process) throws IOException {
    Set<String> found = new HashSet<>();
    try (DirectoryStream<Path> open =
        Files.newDirectoryStream(Path.of("/proc/" + process + "/fd"))) {
      for (Path descriptor : open) {
        String what;
        try {
          what = Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
          continue; // closed meanwhile
        }
        if (what.startsWith("socket:[")) {
          found.add(what.substring(8, what.length() - 1));
        }
      }
    }
    return found;
  }

  private void disk() throws IOException {
    BootSector.builder()
        .fill("q35", MEMORY_MIB, FILLED_MIB)
        .mode(BootSector.Mode.REWRITE)
        .build()
        .writeTo(directory.resolve("disk"));
  }

  private QemuBuilder qemu(QemuVersions version, String name) {
    return QemuProcess.builder(version.binary(), directory.resolve(name))
        .memoryMib(MEMORY_MIB)
        .disk(directory.resolve("disk"));
  }
}
