/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/**
 * Everything that loads an image: QEMU alone, and Stillframe by each of its routes. For each QEMU
 * the route that takes every image comes last: what refuses one before must not be in its way.
 */
enum InteropLoader {
  QEMU_10("QEMU 10", QemuVersions.QEMU_10, ""),
  QEMU_10_DIRECT("QEMU 10, `multifd`, `direct-io`", QemuVersions.QEMU_10, ""),
  QEMU_7("QEMU 7.2", QemuVersions.QEMU_7, ""),
  OURS_10_MEMORY("Stillframe into 10, memory", QemuVersions.QEMU_10, "memory"),
  OURS_10_MULTIFD("Stillframe into 10, multifd", QemuVersions.QEMU_10, "multifd"),
  OURS_10_NATIVE("Stillframe into 10, native", QemuVersions.QEMU_10, "native"),
  OURS_10_STREAM("Stillframe into 10, stream", QemuVersions.QEMU_10, "stream"),
  OURS_7_NATIVE("Stillframe into 7.2, native", QemuVersions.QEMU_7, "native"),
  OURS_7_MULTIFD("Stillframe into 7.2, multifd", QemuVersions.QEMU_7, "multifd"),
  OURS_7_STREAM("Stillframe into 7.2, stream", QemuVersions.QEMU_7, "stream");

  /** Why a loader does not take an image, and the words by which it says so. */
  enum Refusal {
    NO_FILE_OF_QEMUS(
        "mapped-ram is off", "by this route QEMU reads the file, and it reads `mapped-ram`"),
    TOO_OLD("it came with 9.0", "QEMU 7.2 reads no `mapped-ram`; the other routes do that for it"),
    NOT_MAPPED("load of migration failed", "with `mapped-ram` on, QEMU takes nothing but that"),
    UNKNOWN("load of migration failed", "QEMU 7.2 by itself has no `mapped-ram`: it ends");

    private final String words;
    private final String reason;

    Refusal(String words, String reason) {
      this.words = words;
      this.reason = reason;
    }

    /** The letter by which the table refers to it. */
    String letter() {
      return String.valueOf((char) ('a' + ordinal()));
    }

    /** Why, as the table tells it. */
    String reason() {
      return reason;
    }
  }

  private final String label;
  private final QemuVersions version;
  private final String route;

  InteropLoader(String label, QemuVersions version, String route) {
    this.label = label;
    this.version = version;
    this.route = route;
  }

  /** What the table calls it. */
  String label() {
    return label;
  }

  /** The QEMU that the guest is to be in. */
  QemuVersions version() {
    return version;
  }

  /** Why what this writer writes cannot be loaded; empty if it can. */
  Optional<Refusal> refusal(InteropWriter writer) {
    if (writer.mapped()) {
      return switch (this) {
        case OURS_7_NATIVE -> Optional.of(Refusal.TOO_OLD);
        case QEMU_7 -> Optional.of(Refusal.UNKNOWN);
        default -> Optional.empty();
      };
    }
    return switch (this) {
      case OURS_10_NATIVE, OURS_7_NATIVE -> Optional.of(Refusal.NO_FILE_OF_QEMUS);
      case QEMU_10_DIRECT -> Optional.of(Refusal.NOT_MAPPED);
      default -> Optional.empty();
    };
  }

  /** Whether a QEMU that has seen a refusal still waits for an image. */
  boolean leavesWaiting() {
    return !route.isEmpty();
  }

  /** Loads an image into a QEMU that waits for it, and lets the guest judge. */
  void load(QemuProcess qemu, Path image, boolean mapped) throws IOException {
    if (route.isEmpty()) {
      begin(qemu, image, mapped);
    } else {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", route).done();
    }
    qemu.awaitVerifiedRounds(2);
    assertFalse(qemu.serialText().contains("filled"), "has not started anew");
  }

  /** Requires that the image is refused, and that no guest runs of it. */
  void refuse(QemuProcess qemu, Path image, boolean mapped, Refusal refusal) throws IOException {
    if (route.isEmpty()) {
      begin(qemu, image, mapped);
      assertNotEquals(0, qemu.awaitExit(Duration.ofSeconds(30)));
      assertTrue(qemu.stderrText().contains(refusal.words), qemu.stderrText());
    } else {
      CommandRun.restore(qemu.qmpSocket(), image, "--route", route).failed(2, refusal.words);
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("inmigrate", monitor.status());
      }
    }
    assertEquals(0, qemu.verifiedRounds(), "nothing runs");
  }

  private void begin(QemuProcess qemu, Path image, boolean mapped) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      if (this == QEMU_10_DIRECT) {
        monitor.switchOn("mapped-ram", "multifd");
        monitor.execute("{'execute':'migrate-set-parameters','arguments':{'direct-io':true}}");
      } else if (this == QEMU_10 && mapped) {
        monitor.switchOn("mapped-ram");
      }
      String uri = (this == QEMU_7 ? "exec:cat " : "file:") + image;
      monitor.execute("{'execute':'migrate-incoming','arguments':{'uri':'" + uri + "'}}");
    }
  }
}
