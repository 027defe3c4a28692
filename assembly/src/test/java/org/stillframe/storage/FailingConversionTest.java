/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.backend.posix.PosixBackend;
import org.stillframe.backend.tmpfs.Errno;
import org.stillframe.backend.tmpfs.FaultPlan;
import org.stillframe.backend.tmpfs.Operation;
import org.stillframe.backend.tmpfs.TmpfsTestBackend;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.manager.ConvertRequest;
import org.stillframe.manager.Layout;
import org.stillframe.manager.MigrationManager;
import org.stillframe.manager.Stillframe;
import org.stillframe.target.TargetUri;

/**
 * Conversions on several channels whose storage fails: an older image stays, nothing is left open.
 */
@Timeout(60)
class FailingConversionTest {
  private static final FaultPlan PLAN = FaultPlan.random();
  private static final byte[] STREAM = SampleStream.of(1, 2000);
  private static final byte[] OLDER = SampleStream.of(2, 10);

  private record Case(FaultPlan plan, ErrorCode code, String why) {
    @Override
    public String toString() {
      return plan.toString();
    }
  }

  private static Stream<Case> faults() {
    String io = "Input/output error (EIO)";
    String full = "No space left on device (ENOSPC)";
    return Stream.of(
        new Case(PLAN.failOpen(1, Errno.EIO), ErrorCode.STORAGE, "open: " + io),
        new Case(PLAN.failTruncate(1, Errno.EIO), ErrorCode.STORAGE, "ftruncate: " + io),
        new Case(PLAN.failWrite(1, Errno.EIO), ErrorCode.STORAGE, "pwrite: " + io),
        new Case(PLAN.failWrite(5, Errno.EIO), ErrorCode.STORAGE, "pwrite: " + io),
        new Case(PLAN.failWrite(5, Errno.EIO).asynchronous(), ErrorCode.STORAGE, "pwrite: " + io),
        new Case(PLAN.failWriteAfter(4, 9, Errno.EIO), ErrorCode.STORAGE, "pwrite: " + io),
        new Case(PLAN.fullAt(5_000_000), ErrorCode.TARGET_FULL, "pwrite: " + full),
        new Case(PLAN.fullAt(5_000_000).shortTransfers(), ErrorCode.TARGET_FULL, "pwrite: " + full),
        new Case(PLAN.failSync(1, Errno.ENOSPC), ErrorCode.TARGET_FULL, "fsync: " + full),
        new Case(PLAN.failClose(1, Errno.EIO), ErrorCode.STORAGE, "close: " + io));
  }

  private static Stream<Arguments> failures() {
    return faults()
        .flatMap(
            one ->
                Stream.of(Layout.values())
                    .flatMap(
                        from -> Stream.of(Layout.values()).map(to -> Arguments.of(one, from, to))));
  }

  /** The image is read by another backend, so that the faults are the target's. */
  private static MigrationManager manager(TmpfsTestBackend storage) throws StillframeException {
    return Stillframe.builder()
        .backends(BackendRegistry.of(List.of(storage, new PosixBackend())))
        .build();
  }

  private static ConvertRequest.Builder request(Path from, Path to, Layout layout) {
    return ConvertRequest.builder(TargetUri.file(from), TargetUri.file(to))
        .layout(layout)
        .channels(3)
        .replace(true);
  }

  /** An image in the same directory. */
  private static Path image(Workplace place, MigrationManager manager, Layout layout)
      throws Exception {
    Path stream = place.image.resolveSibling("source");
    Files.write(stream, STREAM);
    if (layout == Layout.STREAM) {
      return stream;
    }
    Path mapped = place.image.resolveSibling("mapped");
    manager.convert(request(stream, mapped, Layout.MAPPED).build(), ProgressListener.NONE);
    return mapped;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void anOlderImageStaysAndNothingElse(Case one, Layout from, Layout to) throws Exception {
    try (Workplace place = new Workplace(one.plan());
        MigrationManager manager = manager(place.storage)) {
      Path source = image(place, manager, from);
      Files.write(place.image, OLDER);
      List<String> before = place.files();
      ConvertRequest request =
          request(source, place.image, to).backend(TmpfsTestBackend.NAME).build();

      StillframeException e =
          assertThrows(
              StillframeException.class, () -> manager.convert(request, ProgressListener.NONE));

      assertEquals(one.code(), e.code(), e.getMessage());
      assertEquals(one.why(), e.why());
      assertTrue(e.what().startsWith("file:" + place.image), e.what());
      assertArrayEquals(OLDER, Files.readAllBytes(place.image));
      assertEquals(before, place.files());
      place.storage.assertClean();
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void aReadThatFailsIsTold(Layout from, Layout to) throws Exception {
    try (Workplace place = new Workplace(PLAN.failRead(9, Errno.EREMOTEIO));
        MigrationManager manager = manager(place.storage)) {
      Path source = image(place, manager, from);
      List<String> before = place.files();
      ConvertRequest request =
          request(source, place.image, to).sourceBackend(TmpfsTestBackend.NAME).build();
      StillframeException e =
          assertThrows(
              StillframeException.class, () -> manager.convert(request, ProgressListener.NONE));
      assertEquals("pread: Remote I/O error (EREMOTEIO)", e.why());
      assertTrue(e.what().startsWith("file:" + source), e.what());
      assertEquals(before, place.files());
      place.storage.assertClean();
    }
  }

  private static Stream<Arguments> layouts() {
    return Stream.of(Layout.values())
        .flatMap(from -> Stream.of(Layout.values()).map(to -> Arguments.of(from, to)));
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void whatIsCancelledWhileTheStorageHangsIsNotPublished(Layout from, Layout to) throws Exception {
    try (Workplace place = new Workplace(PLAN.hold(Operation.WRITE, 4));
        MigrationManager manager = manager(place.storage)) {
      Path source = image(place, manager, from);
      Files.write(place.image, OLDER);
      List<String> before = place.files();
      ConvertRequest request =
          request(source, place.image, to).backend(TmpfsTestBackend.NAME).build();
      FutureTask<Object> work =
          new FutureTask<>(() -> manager.convert(request, ProgressListener.NONE));
      new Thread(work, "converts").start();
      place.storage.awaitHeld();
      manager.cancel();
      place.storage.letGo();

      ExecutionException e = assertThrows(ExecutionException.class, work::get);

      assertInstanceOf(CancelledException.class, e.getCause());
      assertArrayEquals(OLDER, Files.readAllBytes(place.image));
      assertEquals(before, place.files());
      place.storage.assertClean();
    }
  }

  @Test
  void strangeButSoundStorageMakesTheSameImages() throws Exception {
    FaultPlan strange = PLAN.asynchronous().shortTransfers();
    try (Workplace place = new Workplace(strange);
        MigrationManager manager = manager(place.storage)) {
      Path mapped = image(place, manager, Layout.MAPPED);
      for (Layout layout : Layout.values()) {
        Path plain = place.image.resolveSibling("plain");
        manager.convert(request(mapped, plain, layout).build(), ProgressListener.NONE);
        ConvertRequest request =
            request(mapped, place.image, layout)
                .backend(TmpfsTestBackend.NAME)
                .sourceBackend(TmpfsTestBackend.NAME)
                .build();
        manager.convert(request, ProgressListener.NONE);
        assertEquals(-1, Files.mismatch(plain, place.image), strange::toString);
      }
      place.storage.assertClean();
    }
  }
}
