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
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.stillframe.backend.tmpfs.Errno;
import org.stillframe.backend.tmpfs.FaultPlan;
import org.stillframe.backend.tmpfs.Operation;
import org.stillframe.backend.tmpfs.TmpfsTestBackend;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.manager.InspectRequest;
import org.stillframe.manager.Layout;
import org.stillframe.target.TargetUri;

/** What the manager does when its storage fails: an older image stays, and nothing is left open. */
@Timeout(60)
class FailingStorageTest {
  private static final FaultPlan PLAN = FaultPlan.seeded(11);

  /** Five chunks and a bit. */
  private static final byte[] STREAM = SampleStream.of(1, 1300);

  private static final byte[] OLDER = SampleStream.of(2, 10);

  private record Case(FaultPlan plan, ErrorCode code, String why, Layout layout) {
    Case(FaultPlan plan, ErrorCode code, String why) {
      this(plan, code, why, Layout.STREAM);
    }

    Stream<Case> eachLayout() {
      return Stream.of(Layout.values()).map(each -> new Case(plan, code, why, each));
    }

    @Override
    public String toString() {
      return layout + ", " + plan;
    }
  }

  static Stream<Case> failures() {
    String io = "Input/output error (EIO)";
    String full = "No space left on device (ENOSPC)";
    Stream<Case> cases =
        Stream.of(
            new Case(PLAN.failOpen(1, Errno.EIO), ErrorCode.STORAGE, "open: " + io),
            new Case(PLAN.failWrite(1, Errno.EIO), ErrorCode.STORAGE, "pwrite: " + io),
            new Case(PLAN.failWrite(4, Errno.EIO), ErrorCode.STORAGE, "pwrite: " + io),
            new Case(
                PLAN.failWrite(4, Errno.EIO).asynchronous(), ErrorCode.STORAGE, "pwrite: " + io),
            new Case(PLAN.failWriteAfter(6, 9, Errno.EIO), ErrorCode.STORAGE, "pwrite: " + io),
            new Case(PLAN.fullAt(3_000_000), ErrorCode.TARGET_FULL, "pwrite: " + full),
            new Case(
                PLAN.fullAt(3_000_000).shortTransfers(), ErrorCode.TARGET_FULL, "pwrite: " + full),
            new Case(PLAN.failTruncate(1, Errno.EIO), ErrorCode.STORAGE, "ftruncate: " + io),
            new Case(PLAN.failSync(1, Errno.EIO), ErrorCode.STORAGE, "fsync: " + io),
            new Case(PLAN.failSync(1, Errno.ENOSPC), ErrorCode.TARGET_FULL, "fsync: " + full),
            new Case(PLAN.failClose(1, Errno.EIO), ErrorCode.STORAGE, "close: " + io),
            new Case(
                PLAN.powerCutAtWrite(5),
                ErrorCode.STORAGE,
                "pwrite: " + io + ": the power was cut at pwrite 5"),
            new Case(
                PLAN.powerCutAtSync(1),
                ErrorCode.STORAGE,
                "fsync: " + io + ": the power was cut at fsync 1"));
    return cases.flatMap(Case::eachLayout);
  }

  @ParameterizedTest
  @MethodSource("failures")
  void anOlderImageStaysAndNothingElse(Case one) throws Exception {
    try (Workplace place = new Workplace(one.plan())) {
      place.layout = one.layout();
      Files.write(place.image, OLDER);

      StillframeException e = assertThrows(StillframeException.class, () -> place.receive(STREAM));

      assertEquals(one.code(), e.code(), e.getMessage());
      assertEquals(one.why(), e.why());
      assertTrue(e.what().startsWith("file:" + place.image), e.what());
      assertArrayEquals(OLDER, Files.readAllBytes(place.image));
      assertEquals(List.of("vm1.image"), place.files());
      place.storage.assertClean();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WRITE", "SYNC", "CLOSE"})
  void whatIsCancelledWhileTheStorageHangsIsNotPublished(Operation hangs) throws Exception {
    try (Workplace place = new Workplace(PLAN.hold(hangs, 1))) {
      Files.write(place.image, OLDER);
      FutureTask<Object> work =
          new FutureTask<>(
              () -> {
                place.receive(STREAM);
                return null;
              });
      new Thread(work, "receives").start();
      place.storage.awaitHeld();
      place.manager.cancel();
      place.storage.letGo();

      ExecutionException e = assertThrows(ExecutionException.class, work::get);

      assertInstanceOf(CancelledException.class, e.getCause());
      assertArrayEquals(OLDER, Files.readAllBytes(place.image));
      assertEquals(List.of("vm1.image"), place.files());
      place.storage.assertClean();
    }
  }

  static Stream<TmpfsTestBackend> soundStorage() {
    FaultPlan strange = FaultPlan.random().asynchronous().shortTransfers();
    return Stream.of(
        new TmpfsTestBackend(),
        new TmpfsTestBackend(strange),
        TmpfsTestBackend.inMemory(),
        TmpfsTestBackend.inMemory(strange));
  }

  @ParameterizedTest
  @MethodSource("soundStorage")
  void anImageComesBackFromTheStorageThatTookIt(TmpfsTestBackend storage) throws Exception {
    try (Workplace place = new Workplace(storage)) {
      place.receive(STREAM);
      assertArrayEquals(STREAM, storage.content(place.image), storage::toString);
      assertEquals(STREAM.length, place.inspect().contents().totalBytes());
      assertArrayEquals(STREAM, place.sent(), storage::toString);
      storage.assertClean();
    }
  }

  @Test
  void whatIsPublishedIsSafeFromAPowerCut() throws Exception {
    try (Workplace place = new Workplace()) {
      place.receive(STREAM);
      place.storage.cutPower();
      assertArrayEquals(STREAM, Files.readAllBytes(place.image));
    }
  }

  @Test
  void aReadThatFailsIsTold() throws Exception {
    try (Workplace place = new Workplace(PLAN.failRead(4, Errno.EREMOTEIO))) {
      place.receive(STREAM);
      StillframeException e = assertThrows(StillframeException.class, place::inspect);
      assertEquals("pread: Remote I/O error (EREMOTEIO)", e.why());
      assertEquals(STREAM.length, place.inspect().contents().totalBytes());
      place.storage.assertClean();
    }
  }

  @Test
  void itIsNotChosenUnlessItIsNamed() throws Exception {
    try (Workplace place = new Workplace()) {
      Files.write(place.image, OLDER);
      RequestException e =
          assertThrows(
              RequestException.class,
              () ->
                  place.manager.inspect(
                      InspectRequest.builder(TargetUri.file(place.image)).build(),
                      ProgressListener.NONE));
      assertEquals("tmpfs-test says: it is for tests", e.why());
    }
  }
}
