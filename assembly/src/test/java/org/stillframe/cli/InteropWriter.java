/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** Everything that writes an image of a guest: QEMU alone, and Stillframe by each of its routes. */
enum InteropWriter {
  QEMU_7_STREAM("QEMU 7.2, `exec:cat > FILE`", QemuVersions.QEMU_7, false),
  QEMU_10_STREAM("QEMU 10, `file:`", QemuVersions.QEMU_10, false),
  QEMU_10_MAPPED("QEMU 10, `mapped-ram`", QemuVersions.QEMU_10, true, "mapped-ram"),
  QEMU_10_MULTIFD(
      "QEMU 10, `mapped-ram`, `multifd`", QemuVersions.QEMU_10, true, "mapped-ram", "multifd"),
  QEMU_10_DIRECT(
      "QEMU 10, `mapped-ram`, `multifd`, `direct-io`",
      QemuVersions.QEMU_10,
      true,
      "mapped-ram",
      "multifd"),
  OURS_10_STREAM("Stillframe from QEMU 10, stream", QemuVersions.QEMU_10, "stream", false),
  OURS_10_MAPPED("Stillframe from QEMU 10, stream", QemuVersions.QEMU_10, "stream", true),
  OURS_10_MEMORY("Stillframe from QEMU 10, memory", QemuVersions.QEMU_10, "memory", true),
  OURS_10_MULTIFD("Stillframe from QEMU 10, multifd", QemuVersions.QEMU_10, "multifd", true),
  OURS_10_NATIVE("Stillframe from QEMU 10, native", QemuVersions.QEMU_10, "native", true),
  OURS_7_STREAM("Stillframe from QEMU 7.2, stream", QemuVersions.QEMU_7, "stream", false),
  OURS_7_MAPPED("Stillframe from QEMU 7.2, stream", QemuVersions.QEMU_7, "stream", true),
  OURS_7_MULTIFD("Stillframe from QEMU 7.2, multifd", QemuVersions.QEMU_7, "multifd", true);

  private final String label;
  private final QemuVersions version;
  private final String route;
  private final boolean mapped;
  private final List<String> capabilities;

  InteropWriter(String label, QemuVersions version, boolean mapped, String... capabilities) {
    this.label = label;
    this.version = version;
    this.route = "";
    this.mapped = mapped;
    this.capabilities = List.of(capabilities);
  }

  InteropWriter(String label, QemuVersions version, String route, boolean mapped) {
    this.label = label;
    this.version = version;
    this.route = route;
    this.mapped = mapped;
    this.capabilities = List.of();
  }

  /** What the table calls it. */
  String label() {
    return label;
  }

  /** The QEMU with the guest. */
  QemuVersions version() {
    return version;
  }

  /** Whether pages have fixed places in what it writes. */
  boolean mapped() {
    return mapped;
  }

  /** Writes the guest that runs in there. */
  void write(QemuProcess qemu, Path image) throws IOException {
    if (!route.isEmpty()) {
      String layout = mapped ? "mapped" : "stream";
      CommandRun.save(qemu.qmpSocket(), image, "--format", layout, "--route", route).done();
      return;
    }
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      if (mapped) {
        monitor.switchOn(capabilities.toArray(String[]::new));
      }
      if (this == QEMU_10_DIRECT) {
        monitor.execute("{'execute':'migrate-set-parameters','arguments':{'direct-io':true}}");
      }
      monitor.migrate(version == QemuVersions.QEMU_7 ? "exec:cat > " + image : "file:" + image);
      monitor.awaitMigration("completed");
    }
  }
}
