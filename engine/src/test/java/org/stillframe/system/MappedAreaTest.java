/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class MappedAreaTest {
  @TempDir Path directory;

  @Test
  void aLineIsRead() {
    assertEquals(
        Optional.of(
            new MappedArea(
                0x7f2893fff000L,
                0x7f28a3fff000L,
                "rw-s",
                0x100000,
                new FileIdentity("fe:00", 15343639),
                "/var/tmp/a b (deleted)")),
        MappedArea.parse(
            "7f2893fff000-7f28a3fff000 rw-s 00100000 fe:00 15343639        /var/tmp/a b (deleted)"));
    assertEquals(Optional.empty(), MappedArea.parse("Size:               4700 kB"));
  }

  @Test
  void anInodeMayHaveAllBits() {
    String line = "7f0000000000-7f0000001000 r--p 00000000 00:2a 18446744073709551615    /mnt/a";
    assertEquals(-1, MappedArea.parse(line).get().file().inode());
  }

  @Test
  void aNameMayHoldWhatOthersTakeForTheEndOfALine() {
    String line = "7f0000000000-7f0000001000 r--p 00000000 00:2a 7    /mnt/a\u2028b\u0085";
    assertEquals("/mnt/a\u2028b\u0085", MappedArea.parse(line).get().path());
  }

  @Test
  void aNameNeedNotBeText() throws Exception {
    // Java gives no file such a name on its own.
    Process shell =
        new ProcessBuilder(
                "sh", "-c", "cp \"$(command -v sleep)\" \"$(printf 'a\\377b')\" && exec ./a*b 20")
            .directory(directory.toFile())
            .start();
    try {
      List<MappedArea> areas = List.of();
      while (areas.stream().noneMatch(area -> area.path().contains("a\ufffdb"))) {
        assertTrue(shell.isAlive(), "it runs");
        areas = MappedArea.of(Long.toString(shell.pid()));
      }
    } finally {
      shell.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      remove();
    }
  }

  /** What has such a name cannot be deleted by Java either. */
  private void remove() throws IOException, InterruptedException {
    new ProcessBuilder("sh", "-c", "rm -f a*b").directory(directory.toFile()).start().waitFor();
    try (var left = Files.list(directory)) {
      assertEquals(0, left.count());
    }
  }
}
