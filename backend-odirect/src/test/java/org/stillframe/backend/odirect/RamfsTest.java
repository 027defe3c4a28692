/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import jnr.constants.platform.OpenFlags;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/** A file system that does not take O_DIRECT, and of which nothing else was said before. */
class RamfsTest {
  @RegisterExtension static final MountedFileSystem RAMFS = MountedFileSystem.ramfs();

  private static final Set<Capability> BYPASS = Set.of(Capability.BYPASS_CACHE);
  private static final String ANSWER = "open: Invalid argument (EINVAL), with O_DIRECT";

  @Test
  void theFileSystemsAnswerIsHandedOn() throws IOException {
    assertAnswered(new OdirectNative());
  }

  /** Where the file system was not asked before, it answers when the flag is switched on. */
  @Test
  void theFlagIsNotSwitchedOnEither() throws IOException {
    OdirectNative natives = new ReopeningRefused();
    withDescriptor(
        natives,
        fd -> {
          SystemCallException failure =
              assertThrows(
                  SystemCallException.class,
                  () -> new OdirectBackend(natives).open(target(fd, -1), OpenMode.WRITE, BYPASS));
          assertEquals(
              "fcntl: Invalid argument (EINVAL), of F_SETFL with O_DIRECT", failure.getMessage());
          assertFalse(Flags.isDirect(fd));
        });
  }

  private void assertAnswered(OdirectNative natives) throws IOException {
    OdirectBackend backend = new OdirectBackend(natives);
    withDescriptor(
        natives,
        fd -> {
          Appraisal appraisal = backend.appraise(target(fd, -1), BYPASS);
          assertFalse(appraisal.isAccepted(), appraisal.toString());
          assertEquals("this file system does not take O_DIRECT: " + ANSWER, appraisal.reason());
          SystemCallException failure =
              assertThrows(
                  SystemCallException.class,
                  () -> backend.open(target(fd, 512), OpenMode.WRITE, BYPASS));
          assertEquals(ANSWER, failure.getMessage());
        });
  }

  private static Target target(int fd, int alignment) {
    return Target.builder("fd:" + fd, TargetKind.REGULAR)
        .descriptor(fd)
        .directAlignment(alignment, alignment)
        .build();
  }

  private interface Use {
    void of(int fd) throws IOException;
  }

  private static void withDescriptor(OdirectNative natives, Use use) throws IOException {
    Path path = Files.createTempFile(RAMFS.directory(), "image", "");
    int fd = natives.posix().open(path.toString(), OpenFlags.O_RDWR.intValue(), 0);
    try {
      use.of(fd);
    } finally {
      natives.close(fd);
      Files.delete(path);
    }
  }
}
