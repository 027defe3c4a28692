/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.stillframe.testguest.BootSector;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.QemuBuilder;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/**
 * A guest's machine, as a row of the table of machines: each value is one of {@link #CHOICES}.
 *
 * @param from the version of QEMU that the guest is saved from
 * @param to the one that it is restored into
 * @param save the route by which it is saved
 * @param restore the route by which it is restored
 */
record MachineSetup(
    String machine,
    String devices,
    String cpus,
    String memory,
    String backend,
    String from,
    String to,
    String save,
    String restore) {

  /** What is to be chosen from, column by column. */
  static final List<List<String>> CHOICES =
      List.of(
          List.of("q35", "pc", "microvm"),
          List.of("bare", "VGA", "virtio", "xhci", "e1000e"),
          List.of("1", "4"),
          List.of("16 MiB", "1 GiB", "5 GiB"),
          List.of("anonymous", "memfd", "file"),
          List.of("10", "7"),
          List.of("10", "7"),
          List.of("stream", "multifd", "native"),
          List.of("stream", "multifd", "native"));

  private static final Map<String, Integer> MEBIBYTES =
      Map.of("16 MiB", 16, "1 GiB", 1024, "5 GiB", 5120);
  private static final Map<String, List<String>> ON_PCI =
      Map.of(
          "bare", List.of(),
          "VGA", List.of("-device", "VGA"),
          "virtio", List.of("-device", "virtio-net-pci", "-device", "virtio-balloon-pci"),
          "xhci", List.of("-device", "qemu-xhci", "-device", "usb-kbd"),
          "e1000e", List.of("-device", "e1000e"));
  private static final Map<String, List<String>> ON_MICROVM =
      Map.of(
          "bare", List.of(),
          "virtio", List.of("-device", "virtio-net-device", "-device", "virtio-balloon-device"),
          "xhci", List.of("-machine", "usb=on", "-device", "usb-kbd"),
          "e1000e", List.of("-machine", "pcie=on", "-device", "e1000e"));

  private static final long MIB = 1L << 20;
  private static final long FOUR_GIB = 1L << 32;
  private static final long FILLED = 8 * MIB;

  /** The row of a table, values divided by a comma and spaces. */
  static MachineSetup parse(String row) {
    String[] v = row.split(", +");
    return new MachineSetup(v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7], v[8]);
  }

  /** The columns, in the order of {@link #CHOICES}. */
  List<String> values() {
    return List.of(machine, devices, cpus, memory, backend, from, to, save, restore);
  }

  /** Whether there can be such a guest at all. */
  boolean isPossible() {
    boolean microvm = machine.equals("microvm");
    // A microvm has no VGA, and no versions of its type that two QEMUs would agree on.
    return !(microvm && devices.equals("VGA"))
        && !(microvm && !from.equals(to))
        && !(save.equals("native") && from.equals("7"))
        && !(restore.equals("native") && to.equals("7"));
  }

  /** The layout of the image: only a mapped one can be restored by every route. */
  String layout() {
    return save.equals("stream") && restore.equals("stream") ? "stream" : "mapped";
  }

  /**
   * Writes the guest's disk. The guest fills the end of the memory below 4 GiB, and that of the
   * memory above if there is some.
   */
  void writeDisk(Path disk) throws IOException {
    long size = MEBIBYTES.get(memory) * MIB;
    long low = size < FOUR_GIB / 2 ? size : (machine.equals("q35") ? 2048 : 3072) * MIB;
    // The last 4 MiB below 4 GiB belong to the BIOS.
    long end = low - 5 * MIB;
    BootSector.Builder guest = BootSector.builder().mode(Mode.REWRITE).lowRange(end - FILLED, end);
    if (size > low) {
      guest.highRange(FOUR_GIB + size - low - FILLED, FOUR_GIB + size - low);
    }
    guest.build().writeTo(disk);
  }

  /** Describes the QEMU to save from, or the one to restore into. */
  QemuBuilder qemu(boolean source, Path directory) {
    String version = source ? from : to;
    QemuBuilder qemu =
        QemuProcess.builder(
                (version.equals("7") ? QemuVersions.QEMU_7 : QemuVersions.QEMU_10).binary(),
                directory.resolve(source ? "source" : "restored"))
            .memoryMib(MEBIBYTES.get(memory))
            .cpus(Integer.parseInt(cpus));
    Path disk = directory.resolve("disk");
    if (machine.equals("microvm")) {
      // Its usual firmware starts kernels alone.
      qemu.machine("microvm").disk(disk, "virtio-blk-device").args("-bios", "bios-microvm.bin");
      qemu.args(ON_MICROVM.get(devices).toArray(String[]::new));
    } else {
      qemu.machine(machine.equals("q35") ? "pc-q35-7.2" : "pc-i440fx-7.2");
      qemu.disk(disk, devices.equals("virtio") ? "virtio-blk-pci" : "ide-hd");
      qemu.args(ON_PCI.get(devices).toArray(String[]::new));
    }
    return switch (backend) {
      case "memfd" -> qemu.memoryInMemfd();
      case "file" -> qemu.memoryInFile(directory.resolve(source ? "ram" : "ram-restored"));
      default -> qemu;
    };
  }
}
