/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** Which descriptors are opened, with which flags, and that the caller's stay as they are. */
class DescriptorTest {
  private static final int O_APPEND = 02000;
  private static final int O_DSYNC = 010000;
  private static final int O_SYNC = 04010000;
  private static final int O_CLOEXEC = 02000000;
  private static final int F_SETLEASE = 1024;
  private static final int F_WRLCK = 1;
  private static final int F_UNLCK = 2;
  private static final int O_ACCMODE = 3;
  private static final Set<Capability> DIRECT = Set.of(Capability.BYPASS_CACHE);

  private final SystemCalls calls = NativeCalls.load();
  private final UringBackend backend = new UringBackend();

  /** The descriptors of this process on a file. */
  private static Set<Integer> descriptors(Path path) throws IOException {
    try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
      return all.filter(each -> isOn(each, path))
          .map(each -> Integer.valueOf(each.getFileName().toString()))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static boolean isOn(Path link, Path path) {
    try {
      return Files.readSymbolicLink(link).equals(path);
    } catch (IOException e) {
      return false;
    }
  }

  @ParameterizedTest
  @EnumSource
  void theCacheIsBypassedByADescriptorOfItsOwn(OpenMode mode) throws IOException {
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0)) {
      int before = OpenFile.flags(caller.descriptor());
      StateFile file = backend.open(caller.target(), mode, DIRECT);
      Set<Integer> own = descriptors(caller.path());
      own.remove(caller.descriptor());
      assertEquals(1, own.size());
      int flags = OpenFile.flags(own.iterator().next());
      assertEquals(calls.directFlag(), flags & calls.directFlag());
      assertEquals(O_CLOEXEC, flags & O_CLOEXEC);
      assertEquals(mode == OpenMode.READ ? 0 : OpenFile.O_RDWR, flags & O_ACCMODE);
      assertEquals(before, OpenFile.flags(caller.descriptor()));
      file.close();
      assertEquals(Set.of(caller.descriptor()), descriptors(caller.path()));
    }
  }

  @Test
  void theCallersDescriptorWillDoForThePageCache() throws IOException {
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0);
        StateFile file = backend.open(caller.target(), OpenMode.WRITE, Set.of())) {
      assertEquals(Set.of(caller.descriptor()), descriptors(caller.path()));
      assertEquals(0, file.size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aCallersFlagsDoNotMatter(boolean direct) throws IOException {
    for (int flag : new int[] {calls.directFlag(), O_APPEND}) {
      try (OpenFile caller = OpenFile.temporary("/var/tmp", flag)) {
        StateFile file = backend.open(caller.target(), OpenMode.WRITE, direct ? DIRECT : Set.of());
        try (IoQueue queue = file.openQueue(2, List.of())) {
          queue.write(ByteBuffer.allocateDirect(7).put(0, (byte) 1), 100, 1);
          queue.reap(1, (tag, moved, failure) -> assertEquals(7, moved, "" + failure));
          queue.write(ByteBuffer.allocateDirect(9000).put(0, (byte) 2), 50, 2);
          queue.reap(1, (tag, moved, failure) -> assertEquals(9000, moved, "" + failure));
        }
        file.close();
        byte[] expected = new byte[9050];
        expected[50] = 2;
        assertArrayEquals(expected, Files.readAllBytes(caller.path()));
        assertEquals(Set.of(caller.descriptor()), descriptors(caller.path()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, O_DSYNC, O_SYNC})
  void whoHasEveryWriteMadeDurableHasItSoHere(int sync) throws IOException {
    try (OpenFile caller = OpenFile.temporary("/var/tmp", sync | O_APPEND);
        StateFile file = backend.open(caller.target(), OpenMode.WRITE, DIRECT)) {
      Set<Integer> own = descriptors(caller.path());
      own.remove(caller.descriptor());
      assertEquals(2, own.size());
      for (int descriptor : own) {
        assertEquals(sync, OpenFile.flags(descriptor) & O_SYNC);
      }
      assertEquals(0, file.size());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void noMoreIsOpenedThanTheCallerMay(boolean direct) throws IOException {
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0)) {
      assertRefused(caller.path(), 0, OpenMode.WRITE, direct, "writing");
      assertRefused(caller.path(), 1, OpenMode.READ, direct, "reading");
      assertEquals(Set.of(caller.descriptor()), descriptors(caller.path()));
    }
  }

  private void assertRefused(Path path, int access, OpenMode mode, boolean direct, String use)
      throws IOException {
    int fd = calls.open(path.toString(), access);
    assertTrue(fd >= 0);
    try {
      Target target =
          Target.builder("fd:" + fd, TargetKind.REGULAR)
              .descriptor(fd)
              .directAlignment(512, 512)
              .build();
      IOException refusal =
          assertThrows(
              IOException.class, () -> backend.open(target, mode, direct ? DIRECT : Set.of()));
      assertEquals("the descriptor is not open for " + use, refusal.getMessage());
    } finally {
      calls.close(fd);
    }
  }

  @Test
  void whatCannotBeOpenedOnceMoreIsNamed() throws IOException {
    SystemCalls strict =
        new ForwardingCalls() {
          @Override
          public int open(String path, int flags) {
            return (flags & directFlag()) != 0 ? -13 : super.open(path, flags);
          }
        };
    UringBackend refused = new UringBackend(new Kernel(() -> strict, KernelFacts::read));
    try (OpenFile caller = OpenFile.temporary("/var/tmp", O_APPEND)) {
      IOException failure =
          assertThrows(
              IOException.class, () -> refused.open(caller.target(), OpenMode.WRITE, DIRECT));
      String said = failure.getMessage();
      assertTrue(said.contains(caller.path() + " "), said);
      assertTrue(said.contains("Permission denied (EACCES)"), said);
      assertTrue(said.contains("backend odirect"), said);
      assertEquals(Set.of(caller.descriptor()), descriptors(caller.path()));
    }
  }

  @Test
  void noRingHoldsAFileThatWasClosed() throws IOException {
    try (OpenFile caller = OpenFile.temporary("/var/tmp", 0)) {
      for (int i = 0; i < 50; i++) {
        StateFile file = backend.open(caller.target(), OpenMode.WRITE, DIRECT);
        ByteBuffer buffer = ByteBuffer.allocateDirect(8192).alignedSlice(4096).limit(4096);
        IoQueue queue = file.openQueue(4, List.of(buffer));
        queue.write(buffer, 0, 1);
        queue.close();
        file.close();
        // A lease for writing is given to the only one who has the file open.
        assertEquals(0, Libc.fcntl(caller.descriptor(), F_SETLEASE, F_WRLCK), "lease " + i);
        assertEquals(0, Libc.fcntl(caller.descriptor(), F_SETLEASE, F_UNLCK));
      }
    }
  }
}
