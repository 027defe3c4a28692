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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A save out of QEMU's process that is ended at any moment costs no guest. */
@Tag("qemu")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MemoryInterruptionTest {
  @TempDir Path directory;
  private Guests guests;
  private Path image;

  @BeforeEach
  void describe() throws IOException {
    guests = new Guests(directory, Mode.REWRITE);
    image = directory.resolve("vm.image");
  }

  private List<Object> save(QemuProcess qemu, String more) {
    String options = "--route memory --channels 2 --progress none --force " + more;
    List<Object> all = new ArrayList<>(List.of("save", "--qmp", qemu.qmpSocket(), image));
    all.addAll(Arrays.asList(options.strip().split(" ")));
    return all;
  }

  @Test
  void killedAtAnyMoment() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int rounds = Integer.getInteger("stillframe.test.rounds", 8);
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      for (int round = 0; round < rounds; round++) {
        boolean slow = random.nextBoolean();
        String more = slow ? "--max-bandwidth 32M" : "";
        try (CommandProcess command = CommandProcess.start(directory, save(qemu, more).toArray())) {
          Guests.awaitBegun(image);
          Thread.sleep(random.nextInt(slow ? 600 : 150));
          command.signal("KILL");
          command.await();
        }
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          // It stands still where it was stopped for us; nothing else was done to it.
          String where = "seed " + seed + ", round " + round;
          assertTrue(List.of("running", "paused").contains(monitor.status()), where);
          monitor.execute("{'execute':'cont'}");
          monitor.awaitStatus("running");
        }
      }
      qemu.awaitVerifiedRounds(2);
      CommandRun.of(save(qemu, "").toArray()).done();
      assertFalse(Files.exists(Guests.partial(image)));
    }
    restored();
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
