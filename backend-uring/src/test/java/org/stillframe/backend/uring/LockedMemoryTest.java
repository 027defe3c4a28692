/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Buffers are registered where the limit of locked memory allows, and do without elsewhere. */
class LockedMemoryTest {
  private static final int LARGE = 1 << 20;

  @Test
  void beyondTheLimitNoBufferIsRegisteredAndAllElseWorks() throws IOException {
    boolean root = Files.getAttribute(OpenFile.SELF, "unix:uid").equals(0);
    // Enough for a ring, which some kernels count as well.
    String little = "--memlock=65536:65536";
    // The limit does not hold for those who have CAP_IPC_LOCK, as root has.
    String said =
        root
            ? Child.run(
                Limited.class,
                "prlimit",
                little,
                "setpriv",
                "--bounding-set=-ipc_lock",
                "--inh-caps=-ipc_lock")
            : Child.run(Limited.class, "prlimit", little);
    assertEquals(List.of("registered 0", "as written"), said.lines().toList());
  }

  @Test
  void withinTheLimitBuffersAreRegistered() throws IOException {
    assertEquals(1, registered());
  }

  private static int registered() throws IOException {
    SystemCalls calls = NativeCalls.load();
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0)) {
      OpenedFiles files = OpenedFiles.of(calls, caller.target(), OpenMode.WRITE, false);
      Ring ring = Ring.open(calls, 1);
      List<ByteBuffer> buffers = List.of(ByteBuffer.allocateDirect(LARGE));
      Registration registration = new Registration(calls, ring.descriptor(), files, buffers);
      registration.close();
      ring.close();
      return registration.bufferCount();
    }
  }

  /** Tries it under the limit that it was started with. */
  static final class Limited {
    private Limited() {}

    public static void main(String[] args) throws IOException {
      System.out.println("registered " + registered());
      Set<Capability> wanted = Set.of(Capability.BYPASS_CACHE);
      ByteBuffer buffer = ByteBuffer.allocateDirect(LARGE).alignedSlice(4096).limit(8192);
      buffer.put(100, (byte) 7);
      try (OpenFile caller = OpenFile.temporary("/var/tmp", 0);
          StateFile file = new UringBackend().open(caller.target(), OpenMode.WRITE, wanted)) {
        IoQueue queue = file.openQueue(1, List.of(buffer));
        queue.write(buffer, 4096, 1);
        queue.close();
        byte[] stored = Files.readAllBytes(caller.path());
        boolean right = stored.length == 12288 && stored[4196] == 7;
        System.out.println(right ? "as written" : "not as written");
      }
    }
  }
}
