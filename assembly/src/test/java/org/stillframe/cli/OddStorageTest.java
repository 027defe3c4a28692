/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.spi.contract.storage.LoopDevice;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** What is told of a block device, of memory, and of what is not to be seen; needs root. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class OddStorageTest {
  @RegisterExtension static final LoopDevice DEVICE = LoopDevice.ofSectors(512);
  @RegisterExtension static final MountedFileSystem RAMFS = MountedFileSystem.ramfs();

  @Test
  void aBlockDeviceIsNotOnTheFileSystemOfItsNode() {
    CommandRun run = CommandRun.of("backends", DEVICE.path(), "--bypass-cache").done();
    run.printed("kind       block device", "direct reads and writes");
    assertFalse(run.out().contains("storage"), run.out());
    assertFalse(run.out().contains("in memory: there is nothing"), run.out());
    JsonObject report = CommandRun.of("backends", DEVICE.path(), "--json").done().json();
    assertEquals("", report.getAsJsonObject("target").get("fileSystem").getAsString());
  }

  @Test
  void aFileSystemThatIsMemoryIsRefusedByAllWhoBypassTheCache() {
    CommandRun run =
        CommandRun.of("backends", RAMFS.directory().resolve("x"), "--bypass-cache", "--json");
    run.failed(2, "odirect says: ramfs keeps files in memory");
    for (JsonElement backend : run.json().getAsJsonArray("backends")) {
      assertEquals("refused", backend.getAsJsonObject().get("answer").getAsString());
    }
  }

  @Test
  void whatThisUserMayNotSeeIsNotTakenForANewFile(@TempDir Path directory) throws Exception {
    InstalledCommand command = new InstalledCommand(directory.resolve("home"));
    Path listed = Files.createDirectory(directory.resolve("listed"));
    Path file = Files.createFile(listed.resolve("x"));
    Files.setPosixFilePermissions(listed, PosixFilePermissions.fromString("r--------"));
    try {
      command.run("backends", file).failed(3, file, "lstat: Permission denied (EACCES)");
    } finally {
      Files.setPosixFilePermissions(listed, PosixFilePermissions.fromString("rwx------"));
    }
  }

  /** It does not tell how much space there is. */
  @Test
  void aBenchmarkOfMemoryIsRunAndSaysSo() {
    Path file = RAMFS.directory().resolve("x");
    CommandRun.of("bench", file, "--size", "1M", "--runs", "1", "--progress", "none")
        .done()
        .printed("ramfs is memory");
    assertFalse(Files.exists(file));
  }
}
