/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.testguest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Describes a QEMU to start. A QEMU that is to take over the state of another one must be described
 * alike, but for its directory and {@link #incoming}.
 */
public final class QemuBuilder {
  // A socket's address holds no longer path.
  private static final int LONGEST_SOCKET_PATH = 107;

  private final Path binary;
  private final Path directory;
  private final List<String> arguments = new ArrayList<>();
  private String machine = "q35";
  private int memoryMib = 128;
  private int cpus = 1;
  private Path qmpSocket;
  private Path disk;
  private String diskDevice;

  QemuBuilder(Path binary, Path directory) {
    this.binary = binary;
    this.directory = directory.toAbsolutePath();
    this.qmpSocket = this.directory.resolve("qmp.sock");
  }

  /** Sets the machine type; {@code q35} if not called. */
  public QemuBuilder machine(String machine) {
    this.machine = machine;
    return this;
  }

  /** Sets the size of memory; 128 MiB if not called. */
  public QemuBuilder memoryMib(int memoryMib) {
    this.memoryMib = memoryMib;
    return this;
  }

  /** Sets the number of processors; 1 if not called. The boot-sector guest uses the first. */
  public QemuBuilder cpus(int cpus) {
    this.cpus = cpus;
    return this;
  }

  /** Boots from a disk image, which is only read: several QEMUs may share it. */
  public QemuBuilder disk(Path disk) {
    return disk(disk, "virtio-blk-pci");
  }

  /**
   * Boots from a disk image through a device of this kind. All but those of virtio want to write,
   * so that one QEMU at a time can have it.
   */
  public QemuBuilder disk(Path disk, String device) {
    this.disk = disk.toAbsolutePath();
    this.diskDevice = device;
    return this;
  }

  /** Sets where the QMP monitor listens; {@code qmp.sock} in the directory if not called. */
  public QemuBuilder qmpSocket(Path qmpSocket) {
    this.qmpSocket = qmpSocket.toAbsolutePath();
    return this;
  }

  /** Lets QEMU wait for the state of another one: {@code defer}, or where it comes from. */
  public QemuBuilder incoming(String uri) {
    return args("-incoming", uri);
  }

  /** Starts with the processors stopped. */
  public QemuBuilder paused() {
    return args("-S");
  }

  /** Keeps the memory in a memfd that other processes can map. */
  public QemuBuilder memoryInMemfd() {
    return memoryIn("memory-backend-memfd", "");
  }

  /** Keeps the memory in a file. */
  public QemuBuilder memoryInFile(Path file) {
    return memoryIn("memory-backend-file", ",mem-path=" + escape(file.toAbsolutePath()));
  }

  /** Adds further arguments. */
  public QemuBuilder args(String... arguments) {
    this.arguments.addAll(List.of(arguments));
    return this;
  }

  /** Starts QEMU; returns when its monitor listens. */
  public QemuProcess start() throws IOException {
    if (qmpSocket.toString().length() > LONGEST_SOCKET_PATH) {
      throw new IllegalArgumentException("too long for the path of a socket: " + qmpSocket);
    }
    Files.createDirectories(directory);
    Path serial = directory.resolve("serial.log");
    List<String> command = new ArrayList<>();
    command.add(binary.toString());
    command.addAll(List.of("-nodefaults", "-no-user-config", "-display", "none"));
    command.addAll(List.of("-accel", "tcg,thread=multi", "-machine", machine));
    command.addAll(List.of("-m", memoryMib + "M", "-smp", Integer.toString(cpus)));
    command.addAll(List.of("-serial", "file:" + escape(serial)));
    command.addAll(List.of("-qmp", "unix:" + escape(qmpSocket) + ",server=on,wait=off"));
    if (disk != null) {
      command.add("-drive");
      String readOnly = diskDevice.startsWith("virtio-") ? "on" : "off";
      command.add("if=none,id=boot,format=raw,readonly=" + readOnly + ",file=" + escape(disk));
      command.addAll(List.of("-device", diskDevice + ",drive=boot,bootindex=0"));
    }
    command.addAll(arguments);
    return QemuProcess.start(command, serial, directory.resolve("qemu.log"), qmpSocket);
  }

  // The memory keeps the name that it has without a backend, so that a state fits either way.
  private QemuBuilder memoryIn(String backend, String options) {
    String object = backend + ",id=pc.ram,share=on,size=" + memoryMib + "M" + options;
    return args("-object", object, "-machine", "memory-backend=pc.ram");
  }

  // In QEMU's options a comma is written twice.
  private static String escape(Path path) {
    return path.toString().replace(",", ",,");
  }
}
