/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.testguest.BootSector.Mode;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/**
 * The command as it is installed, with the limits that its launcher gives to the JVM: it has the
 * memory for the buffers of many channels, and says so where it has not.
 */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class ManyChannelsTest {
  private static final String MANY = "32";

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"memory", "multifd", "native"})
  void haveTheirBuffers(String route, @TempDir(factory = OnDisk.class) Path disk) throws Exception {
    InstalledCommand command = new InstalledCommand(directory.resolve("installed"));
    Guests guests = new Guests(directory, Mode.REWRITE);
    Path image = disk.resolve("vm.image");
    Path stream = image.resolveSibling("vm.stream");
    Path copy = image.resolveSibling("copy.image");
    try (QemuProcess source = guests.running(QemuVersions.QEMU_10, "source")) {
      transfer(command, "save", "--qmp", source.qmpSocket(), image, "--route", route);
    }
    transfer(command, "convert", image, stream, "--format", "stream");
    transfer(command, "convert", image, copy);
    try (QemuProcess qemu = guests.waiting(QemuVersions.QEMU_10, "restored")) {
      transfer(command, "restore", "--qmp", qemu.qmpSocket(), copy, "--route", route);
      qemu.awaitVerifiedRounds(2);
      assertFalse(qemu.serialText().contains("filled"), "has not started anew");
    }
  }

  private static void transfer(InstalledCommand command, Object... arguments) throws Exception {
    Object[] all = new Object[arguments.length + 4];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(
        new Object[] {"--channels", MANY, "--bypass-cache", "--progress=none"},
        0,
        all,
        arguments.length,
        4);
    command.run(all).done();
  }

  @Test
  void withoutMemoryForThemTheGuestRunsOn() throws Exception {
    InstalledCommand command = new InstalledCommand(directory.resolve("installed"));
    command.options("-XX:MaxDirectMemorySize=12m");
    Guests guests = new Guests(directory, Mode.REWRITE);
    try (QemuProcess source = guests.running(QemuVersions.QEMU_10, "source")) {
      for (String route : new String[] {"memory", "multifd"}) {
        Path image = directory.resolve("vm.image");
        Object[] save = {
          "save", "--qmp", source.qmpSocket(), image, "--route", route, "--progress=none"
        };
        command.run(save).failed(2, "save to file:" + image, "the memory for it", "fewer channels");
        assertFalse(Files.exists(image));
        try (Monitor monitor = new Monitor(source.qmpSocket())) {
          assertEquals("running", monitor.status());
        }
      }
      source.awaitVerifiedRounds(2);
    }
  }
}
