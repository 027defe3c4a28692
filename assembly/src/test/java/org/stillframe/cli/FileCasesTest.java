/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** What QEMU can put into a file in less usual ways, and guests whose RAM is less usual. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class FileCasesTest extends GuestFixture {
  private static final String MACHINE = "pc-q35-7.2";

  private QemuBuilder qemu(String name) {
    return guests.qemu(QemuVersions.QEMU_10, name);
  }

  private static void migrate(QemuProcess qemu, boolean stopped, String uri, String... capabilities)
      throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      if (stopped) {
        monitor.execute("{'execute':'stop'}");
      }
      monitor.switchOn(capabilities);
      monitor.migrate(uri);
      monitor.awaitMigration("completed");
    }
  }

  private static void verify(QemuProcess qemu) {
    qemu.awaitVerifiedRounds(2);
    assertFalse(qemu.serialText().contains("filled"), "has not started anew");
  }

  @ParameterizedTest
  @ValueSource(strings = {"events", "mapped-ram", "mapped-ram multifd"})
  void guestThatWasStoppedBeforeQemuSavedItStaysStopped(String capabilities) throws IOException {
    try (QemuProcess qemu = Guests.verified(qemu("source"))) {
      migrate(qemu, true, "file:" + image, capabilities.split(" "));
    }
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image).done();
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("paused", monitor.status());
        assertEquals(0, qemu.verifiedRounds());
        monitor.execute("{'execute':'cont'}");
      }
      verify(qemu);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"events", "mapped-ram"})
  void guestBehindOtherContentIsNotSought(String capability) throws IOException {
    try (QemuProcess qemu = Guests.verified(qemu("source"))) {
      migrate(qemu, false, "file:" + image + ",offset=4096", capability);
    }
    CommandRun.of("inspect", image).failed(1, image, "no image of a known kind");
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      CommandRun.restore(qemu.qmpSocket(), image).failed(1, image, "no image of a known kind");
      assertEquals(0, qemu.verifiedRounds());
    }
  }

  /** From 7.2, as QEMU 10.0 without KVM ends when such a guest is migrated, by whomever. */
  @ParameterizedTest
  @CsvSource({
    "stream, QEMU_7, multifd",
    "multifd, QEMU_10, native",
    "multifd, QEMU_10, stream",
  })
  void ramOfTwoNodes(String save, QemuVersions to, String restore) throws IOException {
    String[] nodes = {
      "-object", "memory-backend-ram,id=near,size=24M",
      "-object", "memory-backend-ram,id=far,size=40M",
      "-numa", "node,memdev=near",
      "-numa", "node,memdev=far"
    };
    try (QemuProcess qemu =
        Guests.verified(guests.qemu(QemuVersions.QEMU_7, "source").machine(MACHINE).args(nodes))) {
      CommandRun.save(qemu.qmpSocket(), image, "--format", "mapped", "--route", save).done();
    }
    try (QemuProcess qemu =
        guests.qemu(to, "restored").machine(MACHINE).args(nodes).incoming("defer").start()) {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", restore).done();
      verify(qemu);
    }
  }

  /** Whoever manages the guest may use it for migrations of his own. */
  @ParameterizedTest
  @ValueSource(strings = {"stream", "multifd", "native"})
  void sharedMemoryIsSavedAlthoughQemuWasToldToIgnoreIt(String route) throws IOException {
    try (QemuProcess qemu = Guests.verified(qemu("source").memoryInMemfd())) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.switchOn("x-ignore-shared");
      }
      CommandRun.save(qemu.qmpSocket(), image, "--format", "mapped", "--route", route).done();
    }
    try (QemuProcess qemu = qemu("restored").memoryInMemfd().incoming("defer").start()) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.switchOn("x-ignore-shared");
      }
      CommandRun.restore(qemu.qmpSocket(), image, "--route", route).done();
      verify(qemu);
    }
  }

  @Test
  void streamThatLacksSharedMemoryRunsNowhere() throws IOException {
    try (QemuProcess qemu = Guests.verified(qemu("source").memoryInMemfd())) {
      migrate(qemu, false, "file:" + image, "x-ignore-shared");
    }
    try (QemuProcess qemu = qemu("restored").memoryInMemfd().incoming("defer").start()) {
      CommandRun.restore(qemu.qmpSocket(), image).failed(4, "x-ignore-shared");
      assertEquals(0, qemu.verifiedRounds());
    }
  }
}
