/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.TreeSet;
import jnr.constants.platform.OpenFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.contract.Bench;
import org.stillframe.spi.contract.Descriptor;
import org.stillframe.spi.contract.Requests;

/** That the page cache is bypassed, as the kernel sees it, and who sees the descriptors. */
class BypassTest {
  private static final int PAGE = 4096;
  private static final int PAGES = 64;

  // <fcntl.h>
  private static final int O_DSYNC = 010000;
  private static final int O_SYNC = 04010000;

  private final OdirectNative natives = new OdirectNative();
  private Bench bench;
  private Path path;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench(new OdirectContractTest());
    path = bench.file();
  }

  @AfterEach
  void tearDown() throws IOException {
    bench.close();
  }

  /** The pages of the file that are in the page cache. */
  private Set<Integer> cached() throws IOException {
    Set<Integer> cached = new TreeSet<>();
    try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
      for (int page = 0; (long) page * PAGE < channel.size(); page++) {
        if (channel.map(MapMode.READ_ONLY, (long) page * PAGE, PAGE).isLoaded()) {
          cached.add(page);
        }
      }
    }
    return cached;
  }

  private static ByteBuffer aligned(int length) {
    return ByteBuffer.allocateDirect(length + 2 * PAGE).alignedSlice(PAGE).limit(length);
  }

  @Test
  void alignedWritesAndReadsLeaveThePageCacheEmpty() throws IOException {
    StateFile file = bench.opened(path, OpenMode.WRITE);
    Requests requests = bench.requests(file);
    requests.write(aligned(PAGES * PAGE), 0);
    file.sync();
    assertEquals(PAGES * PAGE, requests.read(aligned(PAGES * PAGE), 0));
    assertEquals(Set.of(), cached());
  }

  @Test
  void memoryThatIsNotAlignedLeavesItEmptyToo() throws IOException {
    Requests requests = bench.requests(bench.opened(path, OpenMode.WRITE));
    ByteBuffer buffer = aligned(PAGES * PAGE + 1).position(1);
    requests.write(buffer, 0);
    assertEquals(PAGES * PAGE, requests.read(buffer, 0));
    assertEquals(Set.of(), cached());
  }

  @Test
  void ofAWriteThatIsNotAlignedTheEdgesAloneAreCached() throws IOException {
    Requests requests = bench.requests(bench.opened(path, OpenMode.WRITE));
    requests.write(aligned(PAGES * PAGE), 0);
    requests.write(aligned(10 * PAGE), 5 * PAGE + 100);
    assertEquals(Set.of(5, 15), cached());
  }

  @Test
  void readsThatAreNotAlignedLeaveItEmptyToo() throws IOException {
    Requests requests = bench.requests(bench.opened(path, OpenMode.WRITE));
    requests.write(aligned(PAGES * PAGE), 0);
    assertEquals(10 * PAGE, requests.read(aligned(10 * PAGE), 5 * PAGE + 100));
    assertEquals(50, requests.read(aligned(1000), PAGES * PAGE - 50));
    assertEquals(Set.of(), cached());
  }

  @ParameterizedTest
  @EnumSource
  void theCallersDescriptorKeepsItsFlagsAndOursAreCloseOnExec(OpenMode mode) throws IOException {
    Descriptor descriptor =
        bench.descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    int flags = Flags.of(descriptor.number());
    Set<Integer> before = bench.descriptors().keySet();
    StateFile file = bench.opened(bench.target(path, descriptor), mode, Set.of());
    Set<Integer> own = bench.descriptors().keySet();
    own.removeAll(before);
    assertEquals(mode == OpenMode.WRITE ? 2 : 1, own.size());
    int direct = 0;
    for (int fd : own) {
      int access = mode == OpenMode.WRITE ? OpenFlags.O_RDWR.intValue() : 0;
      assertEquals(access, Flags.of(fd) & OdirectNative.ACCESS_MODE);
      assertTrue((Flags.of(fd) & OpenFlags.O_CLOEXEC.intValue()) != 0);
      direct += Flags.isDirect(fd) ? 1 : 0;
    }
    assertEquals(1, direct);
    assertEquals(flags, Flags.of(descriptor.number()));
    assertFalse(Flags.isDirect(descriptor.number()));
    file.close();
    assertEquals(before, bench.descriptors().keySet());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, O_DSYNC, O_SYNC})
  void whoHasEveryWriteMadeDurableHasItSoHere(int sync) throws IOException {
    int fd = natives.posix().open(path.toString(), OpenFlags.O_RDWR.intValue() | sync, 0);
    bench.keep(() -> natives.close(fd));
    Set<Integer> before = bench.descriptors().keySet();
    bench.opened(bench.facts(path).descriptor(fd).build(), OpenMode.WRITE, Set.of());
    Set<Integer> own = bench.descriptors().keySet();
    own.removeAll(before);
    assertEquals(2, own.size());
    for (int descriptor : own) {
      assertEquals(sync, Flags.of(descriptor) & O_SYNC);
    }
  }

  @Test
  void noMoreIsOpenedThanTheCallerMay() throws IOException {
    Descriptor writing = bench.descriptor(path, StandardOpenOption.WRITE);
    StateFile file = bench.opened(bench.target(path, writing), OpenMode.WRITE, Set.of());
    bench.requests(file).write(new byte[5000], 0);
    IOException failure = bench.requests(file).tryRead(aligned(PAGE), 0);
    assertEquals("pread: Bad file descriptor (EBADF)", failure.getMessage());
    Descriptor reading = bench.descriptor(path, StandardOpenOption.READ);
    assertRefused(reading, OpenMode.WRITE, "the descriptor is not open for writing");
    assertRefused(writing, OpenMode.READ, "the descriptor is not open for reading");
  }

  private void assertRefused(Descriptor descriptor, OpenMode mode, String why) {
    IOException refusal =
        assertThrows(
            IOException.class, () -> bench.opened(bench.target(path, descriptor), mode, Set.of()));
    assertEquals(why, refusal.getMessage());
  }

  @Test
  void aDescriptorForAppendingIsWrittenAtPositions() throws IOException {
    bench.file(new byte[3 * PAGE]);
    int fd =
        natives
            .posix()
            .open(
                path.toString(), OpenFlags.O_WRONLY.intValue() | OpenFlags.O_APPEND.intValue(), 0);
    bench.keep(() -> natives.close(fd));
    StateFile file =
        bench.opened(bench.facts(path).descriptor(fd).build(), OpenMode.WRITE, Set.of());
    bench.requests(file).write(aligned(PAGE + 50), 0);
    assertEquals(3 * PAGE, file.size());
  }
}
