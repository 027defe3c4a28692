/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A save over several sockets that is ended at any moment costs no guest. */
@Tag("qemu")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class MultifdInterruptionTest extends GuestFixture {
  private List<Object> save(QemuProcess qemu, boolean slow) {
    String options = "--format mapped --route multifd --channels 3 --progress none --force";
    List<Object> all = new ArrayList<>(List.of("save", "--qmp", qemu.qmpSocket(), image));
    all.addAll(Arrays.asList(options.split(" ")));
    if (slow) {
      all.addAll(List.of("--max-bandwidth", "4M"));
    }
    return all;
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void killedAtAnyMoment(QemuVersions version) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int rounds = Integer.getInteger("stillframe.test.rounds", 8);
    try (QemuProcess qemu = guests.running(version, "source")) {
      for (int round = 0; round < rounds; round++) {
        boolean slow = random.nextBoolean();
        try (CommandProcess command = CommandProcess.start(directory, save(qemu, slow).toArray())) {
          Guests.awaitBegun(image);
          Thread.sleep(random.nextInt(slow ? 600 : 150));
          command.kill();
        }
        String where = "seed " + seed + ", round " + round;
        try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
          if (slow) {
            monitor.awaitStatus("running");
          } else if (List.of("completed", "").contains(monitor.migrationStatus())) {
            // The kill came too late, or before QEMU was asked.
            monitor.execute("{'execute':'cont'}");
          }
          monitor.awaitStatus("running");
          assertFalse(monitor.migrationStatus().equals("active"), where);
        }
      }
      qemu.awaitVerifiedRounds(2);
      CommandRun.of(save(qemu, false).toArray()).done();
      assertFalse(Files.exists(Guests.partial(image)));
    }
    try (QemuProcess qemu = guests.waiting(version, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", "multifd").done();
      qemu.awaitVerifiedRounds(2);
    }
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void controlC(QemuVersions version) throws Exception {
    try (QemuProcess qemu = guests.running(version, "source")) {
      String before;
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        before = monitor.migrationSettings();
      }
      try (CommandProcess command = CommandProcess.start(directory, save(qemu, true).toArray())) {
        Guests.awaitBegun(image);
        command.signal("INT");
        command.await().failed(130, image, "cancelled");
      }
      try (Monitor after = new Monitor(qemu.qmpSocket())) {
        after.awaitStatus("running");
        assertEquals(before, after.migrationSettings());
        assertTrue(
            List.of("", "cancelled", "failed", "completed").contains(after.migrationStatus()));
      }
      assertFalse(Files.exists(Guests.partial(image)));
      qemu.awaitVerifiedRounds(2);
    }
  }
}
