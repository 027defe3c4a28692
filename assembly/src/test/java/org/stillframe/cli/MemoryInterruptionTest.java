/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A save out of QEMU's process that is ended at any moment costs no guest. */
@Tag("qemu")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MemoryInterruptionTest extends GuestFixture {
  private List<Object> save(QemuProcess qemu, String more) {
    String options = "--route memory --channels 2 --progress none --force " + more;
    List<Object> all = new ArrayList<>(List.of("save", "--qmp", qemu.qmpSocket(), image));
    all.addAll(Arrays.asList(options.strip().split(" ")));
    return all;
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void killedAtAnyMoment(boolean shared) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int rounds = Integer.getInteger("stillframe.test.rounds", 25);
    QemuBuilder guest = guests.qemu(QemuVersions.QEMU_10, "source");
    try (QemuProcess qemu = Guests.verified(shared ? guest.memoryInMemfd() : guest)) {
      for (int round = 0; round < rounds; round++) {
        boolean slow = random.nextBoolean();
        String more = slow ? "--max-bandwidth 32M" : "";
        boolean killed;
        try (CommandProcess command = CommandProcess.start(directory, save(qemu, more).toArray())) {
          Guests.awaitBegun(image);
          Thread.sleep(random.nextInt(slow ? 600 : 100));
          killed = command.kill();
        }
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          // It stands still where it was stopped for us; nothing else was done to it.
          String where = "seed " + seed + ", round " + round;
          assertTrue(List.of("running", "paused").contains(monitor.status()), where);
          // Where the kill came too late, it is as a save leaves it.
          if (round % 2 == 0 || !killed) {
            monitor.execute("{'execute':'cont'}");
            monitor.awaitStatus("running");
          }
        }
      }
      // Where it was left standing still, this brings it on.
      CommandRun.of(save(qemu, "--then resume").toArray()).done();
      qemu.awaitVerifiedRounds(2);
      CommandRun.of(save(qemu, "").toArray()).done();
      assertFalse(Files.exists(Guests.partial(image)));
    }
    restored();
  }

  /** Ends a save by a signal while the guest stands still for it. */
  private CommandProcess interrupted(QemuProcess qemu, String signal) throws Exception {
    CommandProcess command =
        CommandProcess.start(directory, save(qemu, "--max-bandwidth 8M").toArray());
    Guests.awaitBegun(image);
    command.signal(signal);
    return command;
  }

  @Test
  void theNextSaveBringsTheGuestOn() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      interrupted(qemu, "KILL").close();
      CommandRun.of(save(qemu, "--then resume").toArray())
          .done()
          .printed(
              "since an earlier save was killed or cut off, and was let run first", "now  running");
      assertEquals("running", statusWithoutNotes(qemu));
      qemu.awaitVerifiedRounds(2);
    }
    restored();
  }

  /** Also in the moments before it is known at which point of its time the guest was stopped. */
  @Test
  void asSoonAsTheGuestIsStoppedTheNextSaveBringsItOn() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Path other = directory.resolve("other.sock");
    QemuBuilder guest =
        guests
            .qemu(QemuVersions.QEMU_10, "source")
            .args("-qmp", "unix:" + other + ",server=on,wait=off");
    try (QemuProcess qemu = Guests.verified(guest);
        Monitor monitor = new Monitor(other)) {
      for (int round = 0; round < 8; round++) {
        String where = "seed " + seed + ", round " + round;
        try (CommandProcess command = CommandProcess.start(directory, save(qemu, "").toArray())) {
          monitor.awaitStatus("paused");
          Thread.sleep(random.nextInt(20));
          // The guest stays paused after a save that was too fast.
          if (!command.kill()) {
            monitor.execute("{'execute':'cont'}");
          }
        }
        CommandRun.of(save(qemu, "--then resume").toArray()).done();
        assertEquals("running", monitor.status(), where);
        String sets = monitor.execute("{'execute':'query-fdsets'}").toString();
        assertEquals("[]", sets, where);
      }
      qemu.awaitVerifiedRounds(2);
    }
    restored();
  }

  @Test
  void whoHasRunSinceAndWasStoppedStaysSo() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      interrupted(qemu, "KILL").close();
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("paused", monitor.status());
        monitor.execute("{'execute':'cont'}");
        monitor.awaitStatus("running");
        monitor.execute("{'execute':'stop'}");
      }
      CommandRun run = CommandRun.of(save(qemu, "--then resume").toArray()).done();
      run.printed("it did not run before");
      assertFalse(run.out().contains("was let run first"), run.out());
      assertEquals("paused", statusWithoutNotes(qemu));
    }
  }

  @Test
  void aGuestThatSomebodyIsSavingIsNotBroughtOn() throws Exception {
    Path other = directory.resolve("other.sock");
    QemuBuilder guest =
        guests
            .qemu(QemuVersions.QEMU_10, "source")
            .args("-qmp", "unix:" + other + ",server=on,wait=off");
    try (QemuProcess qemu = Guests.verified(guest)) {
      try (CommandProcess command = interrupted(qemu, "STOP")) {
        CommandRun.save(other, directory.resolve("other.image"))
            .failed(4, "guest at", "has stopped it, and is saving it", "wait until");
        try (Monitor monitor = new Monitor(other)) {
          assertEquals("paused", monitor.status());
        }
        command.signal("CONT");
        command.await().done();
      }
      assertEquals("paused", statusWithoutNotes(qemu));
    }
    restored();
  }

  /** The guest's status, once it is seen that nothing of ours was left in QEMU. */
  private static String statusWithoutNotes(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      String sets = monitor.execute("{'execute':'query-fdsets'}").toString();
      assertFalse(sets.contains("stopped the guest"), sets);
      return monitor.status();
    }
  }

  private void restored() throws Exception {
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "memory").done();
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void controlCLetsTheGuestRunOn() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      try (CommandProcess command =
          CommandProcess.start(directory, save(qemu, "--max-bandwidth 4M").toArray())) {
        Guests.awaitBegun(image);
        command.signal("INT");
        command.await().failed(130, image, "cancelled");
      }
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("running", monitor.status());
      }
      assertFalse(Files.exists(Guests.partial(image)));
      qemu.awaitVerifiedRounds(2);
    }
  }

  @Test
  void savedAgainAndAgainWhileItWorks() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      for (int i = 0; i < 20; i++) {
        CommandRun.of(save(qemu, "--then resume").toArray()).done();
      }
      qemu.awaitVerifiedRounds(2);
    }
    restored();
  }
}
