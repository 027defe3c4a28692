/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import jnr.constants.platform.Errno;
import jnr.constants.platform.OpenFlags;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.Capability;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.contract.Bench;
import org.stillframe.spi.contract.Requests;

/** The caller's own descriptor, where it cannot be opened again. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class ToggledTest {
  private static final int READ_WRITE = OpenFlags.O_RDWR.intValue();
  private static final int WRITE_ONLY = OpenFlags.O_WRONLY.intValue();
  private static final int APPEND = OpenFlags.O_APPEND.intValue();

  private static final Set<Capability> BYPASS = Set.of(Capability.BYPASS_CACHE);

  private final OdirectNative natives = new OdirectNative();
  private Bench bench;
  private Path path;

  @BeforeEach
  void setUp() throws IOException {
    bench = new Bench(new OdirectToggledContractTest());
    path = bench.file();
  }

  @AfterEach
  void tearDown() throws IOException {
    bench.close();
  }

  private int descriptor(int flags) {
    int fd = natives.posix().open(path.toString(), flags, 0);
    assertTrue(fd >= 0);
    bench.keep(() -> natives.close(fd));
    return fd;
  }

  private static Target target(int fd) {
    return Target.builder("fd:" + fd, TargetKind.REGULAR)
        .descriptor(fd)
        .fileSystem("ext4")
        .directAlignment(512, 512)
        .build();
  }

  private StateFile opened(int fd, OpenMode mode) throws IOException {
    return bench.opened(target(fd), mode, BYPASS);
  }

  @Test
  void theFlagIsOnWhileItIsOpenAndNothingElseIsOpened() throws IOException {
    int fd = descriptor(READ_WRITE);
    int before = Flags.of(fd);
    int descriptors = bench.descriptors().size();
    StateFile file = opened(fd, OpenMode.WRITE);
    assertEquals(before | KernelNumbers.OWN.direct(), Flags.of(fd));
    assertEquals(descriptors, bench.descriptors().size());
    bench.requests(file).write(new byte[10_001], 77);
    assertEquals(before | KernelNumbers.OWN.direct(), Flags.of(fd));
    file.close();
    assertEquals(before, Flags.of(fd));
  }

  @Test
  void aDescriptorThatWasDirectStaysSo() throws IOException {
    int fd = descriptor(READ_WRITE | KernelNumbers.OWN.direct());
    int before = Flags.of(fd);
    StateFile file = opened(fd, OpenMode.WRITE);
    bench.requests(file).write(new byte[10_001], 77);
    file.close();
    assertEquals(before, Flags.of(fd));
    assertEquals(10_078, Files.size(path));
  }

  @Test
  void aDescriptorForAppendingIsWrittenAtPositions() throws IOException {
    bench.file(new byte[20_000]);
    int fd = descriptor(WRITE_ONLY | APPEND);
    int before = Flags.of(fd);
    StateFile file = opened(fd, OpenMode.WRITE);
    bench.requests(file).write(new byte[8200], 0);
    assertEquals(20_000, file.size());
    file.close();
    assertEquals(before, Flags.of(fd));
  }

  @Test
  void oneDescriptorIsOpenedTwiceAndStaysDirectUntilBothAreClosed() throws IOException {
    int fd = descriptor(READ_WRITE);
    assertShared(opened(fd, OpenMode.WRITE), opened(fd, OpenMode.READ), fd, fd);
  }

  @Test
  void duplicatesOfADescriptorStayDirectUntilBothAreClosed() throws IOException {
    int fd = descriptor(READ_WRITE);
    int duplicate = natives.posix().dup(fd);
    bench.keep(() -> natives.close(duplicate));
    assertShared(opened(fd, OpenMode.WRITE), opened(duplicate, OpenMode.WRITE), fd, duplicate);
  }

  private void assertShared(StateFile first, StateFile second, int fd, int other)
      throws IOException {
    first.close();
    assertTrue(Flags.isDirect(other));
    second.sync();
    second.close();
    assertFalse(Flags.isDirect(other));
    assertFalse(Flags.isDirect(fd));
  }

  @Test
  void anotherDescriptionThatWasDirectIsNotTakenForTheSame() throws IOException {
    int fd = descriptor(READ_WRITE);
    int other = descriptor(READ_WRITE | KernelNumbers.OWN.direct());
    StateFile first = opened(fd, OpenMode.WRITE);
    StateFile second = opened(other, OpenMode.WRITE);
    second.close();
    assertTrue(Flags.isDirect(fd));
    first.close();
    assertFalse(Flags.isDirect(fd));
    assertTrue(Flags.isDirect(other));
  }

  @Test
  void whoeverSwitchesTheFlagOffIsNoticed() throws IOException {
    int fd = descriptor(READ_WRITE);
    StateFile file = opened(fd, OpenMode.WRITE);
    file.sync();
    assertEquals(0, natives.setFlags(fd, READ_WRITE));
    IOException ofSync = assertThrows(IOException.class, file::sync);
    assertTrue(ofSync.getMessage().contains("O_DIRECT was switched off"), ofSync.getMessage());
    assertThrows(IOException.class, file::close);
    assertFalse(Flags.isDirect(fd));
  }

  /** Whose kernel refuses to change the flags, from the nth time on. */
  private static final class FlagsRefused extends ReopeningRefused {
    private int granted = Integer.MAX_VALUE;

    @Override
    int setFlags(int fd, int flags) {
      return granted-- > 0 ? super.setFlags(fd, flags) : -Errno.EPERM.intValue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aFlagThatCannotBeChangedIsNoFailedWrite(int granted) throws IOException {
    FlagsRefused refusing = new FlagsRefused();
    Target target = target(descriptor(READ_WRITE));
    StateFile file = new OdirectBackend(refusing).open(target, OpenMode.WRITE, BYPASS);
    bench.keep(file);
    Requests requests = bench.requests(file);
    refusing.granted = granted;
    IOException failure = requests.tryWrite(ByteBuffer.allocateDirect(100), 0);
    assertEquals(
        "fcntl: Operation not permitted (EPERM), of F_SETFL with O_DIRECT", failure.getMessage());
    assertEquals(granted == 0 ? 0 : 100, Files.size(path));
    refusing.granted = Integer.MAX_VALUE;
    assertEquals(granted == 0, Flags.isDirect(target.descriptor()));
    requests.write(new byte[100], 0);
    file.close();
    assertFalse(Flags.isDirect(target.descriptor()));
  }

  /** Two of three lanes write edges all the time, each other's neighbours; one writes granules. */
  @Test
  void edgesAndGranulesOfManyThreadsAllArrive() throws Exception {
    int length = 6007;
    int lanes = 3;
    int rounds = 60;
    byte[] content = new byte[lanes * rounds * length];
    new SplittableRandom(5).nextBytes(content);
    int fd = descriptor(READ_WRITE);
    StateFile file = opened(fd, OpenMode.WRITE);
    List<FutureTask<Object>> tasks = new ArrayList<>();
    for (int lane = 0; lane < lanes; lane++) {
      int first = lane;
      FutureTask<Object> task =
          new FutureTask<>(
              () -> {
                write(file, content, first, lanes, length);
                return null;
              });
      tasks.add(task);
      new Thread(task, "lane " + lane).start();
    }
    for (FutureTask<Object> task : tasks) {
      task.get();
    }
    file.sync();
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  private static void write(StateFile file, byte[] content, int first, int step, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(content.length).put(content);
    try (IoQueue queue = file.openQueue(1, List.of())) {
      for (int at = first * length; at < content.length; at += step * length) {
        queue.write(buffer.limit(at + length).position(at), at, at);
        queue.reap(
            1,
            (tag, transferred, failure) -> {
              if (failure != null || transferred != length) {
                throw new AssertionError("at " + tag + ": " + transferred, failure);
              }
            });
      }
    }
  }
}
