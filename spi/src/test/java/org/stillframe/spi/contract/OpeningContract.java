/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** What opening and closing do to the caller's descriptor. */
interface OpeningContract extends BackendUnderTest {
  @ParameterizedTest
  @EnumSource
  default void closingLeavesTheCallersDescriptorOpen(OpenMode mode) throws IOException {
    Path path = bench().file(new byte[8192]);
    Descriptor descriptor =
        bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Set<Integer> before = bench().descriptors().keySet();
    StateFile file = bench().opened(bench().target(path, descriptor), mode, wanted());
    IoQueue queue = file.openQueue(2, List.of());
    queue.close();
    file.close();
    assertTrue(descriptor.isOpen());
    assertEquals(8192, descriptor.file().size());
    assertEquals(before, bench().descriptors().keySet(), "descriptors left open");
  }

  @Test
  default void closingAgainDoesNothing() throws IOException {
    StateFile file = bench().created();
    file.close();
    Map<Integer, String> before = bench().descriptors();
    file.close();
    assertEquals(before, bench().descriptors());
  }

  @Test
  default void aClosedFileIsNotUsed() throws IOException {
    StateFile file = bench().created();
    file.close();
    assertThrows(IllegalStateException.class, file::size);
    assertThrows(IllegalStateException.class, file::sync);
    assertThrows(IllegalStateException.class, () -> file.truncate(0));
    assertThrows(IllegalStateException.class, () -> file.openQueue(1, List.of()));
  }

  @Test
  default void theFilePositionIsNobodys() throws IOException {
    Path path = bench().file(new byte[10_000]);
    Descriptor descriptor =
        bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    descriptor.file().position(1234);
    StateFile file = bench().opened(bench().target(path, descriptor), OpenMode.WRITE, wanted());
    Requests requests = bench().requests(file);
    requests.write(new byte[5000], 3);
    requests.read(0, 5000);
    file.size();
    file.truncate(9000);
    file.sync();
    assertEquals(1234, descriptor.file().position());
  }

  @ParameterizedTest
  @EnumSource
  default void theCallersDescriptorKeepsItsFlags(OpenMode mode) throws IOException {
    Path path = bench().file(new byte[10_000]);
    Descriptor descriptor =
        bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    String flags = descriptor.flags();
    StateFile file = bench().opened(bench().target(path, descriptor), mode, wanted());
    Requests requests = bench().requests(file);
    requests.read(100, 5000);
    assertEquals(flags, descriptor.flags(), "while it is used");
    requests.queue().close();
    file.close();
    assertEquals(flags, descriptor.flags(), "afterwards");
  }

  @Test
  default void openingAndClosingManyTimesLeavesNothing() throws IOException {
    Path path = bench().file(new byte[10_000]);
    Descriptor descriptor = bench().descriptor(path, StandardOpenOption.READ);
    Target target = bench().target(path, descriptor);
    int rounds = 200;
    int descriptors = 0;
    int threads = 0;
    for (int i = -1; i < rounds; i++) {
      try (StateFile file = bench().backend().open(target, OpenMode.READ, wanted());
          IoQueue queue = file.openQueue(4, List.of(ByteBuffer.allocateDirect(4096)))) {
        new Requests(queue).read(5, 100);
      }
      if (i < 0) {
        // Once for what is loaded or started for good.
        descriptors = Descriptor.links("").size();
        threads = Thread.getAllStackTraces().size();
      }
    }
    // Others of this process may open and start a few meanwhile.
    int more = Descriptor.links("").size() - descriptors;
    assertTrue(more < rounds / 2, more + " more descriptors after " + rounds + " rounds");
    more = Thread.getAllStackTraces().size() - threads;
    assertTrue(more < rounds / 2, more + " more threads after " + rounds + " rounds");
  }

  @Test
  default void oneFileIsOpenedManyTimes() throws IOException {
    byte[] content = Bytes.random(2, 5000);
    Path path = bench().file();
    Requests writer = bench().requests(bench().opened(path, OpenMode.WRITE));
    Requests reader = bench().requests(bench().opened(path, OpenMode.READ));
    writer.write(content, 100);
    assertArrayEquals(content, reader.read(100, 5000));
  }

  @Test
  default void aTargetWithoutADescriptorIsNotOpened() throws IOException {
    Target target = bench().facts(bench().file()).build();
    assertThrows(
        IllegalArgumentException.class, () -> bench().opened(target, OpenMode.READ, wanted()));
  }

  @ParameterizedTest
  @EnumSource
  default void whatIsRefusedIsNotOpened(TargetKind kind) throws IOException {
    Path path = bench().file(new byte[4096]);
    Descriptor descriptor =
        bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    Set<Integer> before = new HashSet<>(bench().descriptors().keySet());
    Target target = Target.builder("fd:x", kind).descriptor(descriptor.number()).build();
    for (Set<Capability> wanted : AppraisalContract.COMBINATIONS) {
      if (!bench().backend().appraise(target, wanted).isAccepted()) {
        IOException failure =
            assertThrows(IOException.class, () -> bench().opened(target, OpenMode.WRITE, wanted));
        assertNotNull(failure.getMessage());
        assertTrue(failure.getMessage().contains("fd:x"), failure.getMessage());
      }
    }
    assertEquals(before, bench().descriptors().keySet(), "descriptors left open");
  }

  @Test
  default void bypassingIsGrantedOrRefusedAndNeverForgotten() throws IOException {
    byte[] content = Bytes.random(3, 3 * 4096);
    Set<Capability> wanted = Set.of(Capability.BYPASS_CACHE);
    Path path = bench().file();
    if (bypassesCache()) {
      bench().requests(bench().opened(path, OpenMode.WRITE, wanted)).write(content, 4096);
      Requests reader = bench().requests(bench().opened(path, OpenMode.READ, wanted));
      assertArrayEquals(content, reader.read(4096, content.length));
    } else {
      assertThrows(IOException.class, () -> bench().opened(path, OpenMode.WRITE, wanted));
      assertThrows(IOException.class, () -> bench().opened(path, OpenMode.READ, wanted));
    }
  }
}
