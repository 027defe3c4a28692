/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import jnr.constants.platform.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** What is this backend's own: its answers, and the system's errors with their numbers. */
class PosixBackendTest {
  /** A number that no descriptor has. */
  private static final int NOT_OPEN = 999_999;

  private final PosixBackend backend = new PosixBackend();

  @ParameterizedTest
  @EnumSource(names = {"REGULAR", "BLOCK", "PIPE", "SOCKET"})
  void ranksBelowTheBackendsThatBypassTheCache(TargetKind kind) {
    Appraisal appraisal = backend.appraise(Target.builder("a", kind).build(), Set.of());
    assertTrue(appraisal.isAccepted());
    assertEquals(50, appraisal.rank());
  }

  @Test
  void saysWhyItCannotBypassTheCache() {
    Appraisal appraisal =
        backend.appraise(
            Target.builder("a", TargetKind.REGULAR).build(), Set.of(Capability.BYPASS_CACHE));
    assertEquals("it writes through the page cache and cannot bypass it", appraisal.reason());
  }

  @Test
  void anErrorOfTheFileIsTheSystems() throws IOException {
    try (StateFile file = open(TargetKind.REGULAR)) {
      assertBadDescriptor("fstat", assertThrows(SystemCallException.class, file::size));
      assertBadDescriptor("fsync", assertThrows(SystemCallException.class, file::sync));
      assertBadDescriptor(
          "ftruncate", assertThrows(SystemCallException.class, () -> file.truncate(1)));
    }
    try (StateFile file = open(TargetKind.BLOCK)) {
      assertBadDescriptor(
          "ioctl(BLKGETSIZE64)", assertThrows(SystemCallException.class, file::size));
    }
  }

  @Test
  void anErrorOfARequestIsTheSystems() throws IOException {
    assertBadDescriptor("pread", outcome(TargetKind.REGULAR, false));
    assertBadDescriptor("pwrite", outcome(TargetKind.REGULAR, true));
    assertBadDescriptor("read", outcome(TargetKind.PIPE, false));
    assertBadDescriptor("write", outcome(TargetKind.PIPE, true));
    assertBadDescriptor("recv", outcome(TargetKind.SOCKET, false));
    assertBadDescriptor("send", outcome(TargetKind.SOCKET, true));
  }

  private IOException outcome(TargetKind kind, boolean write) throws IOException {
    IOException[] outcome = new IOException[1];
    try (StateFile file = open(kind);
        IoQueue queue = file.openQueue(1, List.of())) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(64);
      if (write) {
        queue.write(buffer, 0, 1);
      } else {
        queue.read(buffer, 0, 1);
      }
      queue.reap(1, (tag, transferred, failure) -> outcome[0] = failure);
    }
    return outcome[0];
  }

  private StateFile open(TargetKind kind) throws IOException {
    Target target = Target.builder("fd:x", kind).descriptor(NOT_OPEN).build();
    return backend.open(target, OpenMode.WRITE, Set.of());
  }

  private static void assertBadDescriptor(String call, IOException failure) {
    assertEquals(call + ": Bad file descriptor (EBADF)", failure.getMessage());
    assertEquals(Errno.EBADF.intValue(), ((SystemCallException) failure).errno());
  }
}
