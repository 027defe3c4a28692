/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.storage;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.stillframe.backend.tmpfs.FaultPlan;
import org.stillframe.backend.tmpfs.Operation;
import org.stillframe.backend.tmpfs.TmpfsTestBackend;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Qmp;
import org.stillframe.manager.Route;
import org.stillframe.manager.SaveReport;
import org.stillframe.manager.SaveRequest;
import org.stillframe.target.TargetUri;
import org.stillframe.testguest.BootSector;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** What comes in between while RAM is read out of QEMU's process. */
@Tag("qemu")
@Timeout(120)
class DisturbedMemorySaveTest {
  /** Writes SLP_TYP for S3 and SLP_EN to PM1a_CNT of q35, as its firmware places it; then halts. */
  private static final String SUSPENDS = "fa ba0406 b80024 ef f4 ebfd";

  private static final FaultPlan PLAN = FaultPlan.seeded(1);

  /** Storage that takes some of the RAM, and hangs then. */
  private static final FaultPlan PAGES_HANG = PLAN.hold(Operation.WRITE, 8);

  @TempDir Path directory;

  private QemuProcess running(Path other) throws Exception {
    Path disk = BootSector.builder().fill("q35", 64, 40).build().writeTo(directory.resolve("disk"));
    QemuProcess qemu =
        QemuProcess.builder(QemuVersions.QEMU_10.binary(), directory.resolve("guest"))
            .memoryMib(64)
            .disk(disk)
            .args("-qmp", "unix:" + other + ",server=on,wait=off")
            .start();
    qemu.awaitVerifiedRounds(1);
    return qemu;
  }

  private static FutureTask<SaveReport> save(Workplace place, Path monitor, Route route) {
    SaveRequest request =
        SaveRequest.builder(Qmp.at(monitor), TargetUri.file(place.image))
            .route(route)
            .backend(TmpfsTestBackend.NAME)
            .build();
    FutureTask<SaveReport> work =
        new FutureTask<>(() -> place.manager.save(request, ProgressListener.NONE));
    new Thread(work, "saves").start();
    return work;
  }

  /** A save that has come as far as to where the storage hangs. */
  private static FutureTask<SaveReport> heldUp(Workplace place, QemuProcess qemu, Route route)
      throws Exception {
    FutureTask<SaveReport> work = save(place, qemu.qmpSocket(), route);
    place.storage.awaitHeld();
    return work;
  }

  static Stream<Arguments> hangs() {
    FaultPlan early = PLAN.hold(Operation.TRUNCATE, 1);
    // What makes an image of a file is written when all else is there.
    FaultPlan last = PLAN.holdWritesAt(0);
    FaultPlan sync = PLAN.hold(Operation.SYNC, 1);
    return Stream.of(
        arguments(Route.MEMORY, early, "paused"),
        arguments(Route.MEMORY, PAGES_HANG, "paused"),
        arguments(Route.MEMORY, last, "paused"),
        arguments(Route.MEMORY, sync, "paused"),
        arguments(Route.MULTIFD, last, "postmigrate"),
        arguments(Route.STREAM, last, "postmigrate"));
  }

  @ParameterizedTest
  @MethodSource("hangs")
  void aGuestDoesNotWaitForStorageThatHangs(Route route, FaultPlan plan, String status)
      throws Exception {
    Path other = directory.resolve("other.sock");
    try (Workplace place = new Workplace(plan);
        QemuProcess qemu = running(other);
        Monitor monitor = new Monitor(other)) {
      FutureTask<SaveReport> work = heldUp(place, qemu, route);
      monitor.awaitStatus(status);
      place.manager.cancel();
      monitor.awaitStatus("running");
      assertFalse(work.isDone(), "the storage hangs on");
      place.storage.letGo();
      ExecutionException e = assertThrows(ExecutionException.class, work::get);
      assertInstanceOf(CancelledException.class, e.getCause());
      assertEquals("running", monitor.status());
      assertFalse(Files.exists(place.image));
    }
  }

  @Test
  void whatSomebodyElseLetsRunIsNoImage() throws Exception {
    Path other = directory.resolve("other.sock");
    try (Workplace place = new Workplace(PAGES_HANG);
        QemuProcess qemu = running(other);
        Monitor monitor = new Monitor(other)) {
      FutureTask<SaveReport> work = heldUp(place, qemu, Route.MEMORY);
      monitor.execute("{'execute':'cont'}");
      monitor.execute("{'execute':'stop'}");
      place.storage.letGo();
      ExecutionException e = assertThrows(ExecutionException.class, work::get);
      GuestException failure = assertInstanceOf(GuestException.class, e.getCause());
      assertTrue(failure.why().contains("somebody else let it run"), failure.getMessage());
      assertFalse(Files.exists(place.image));
    }
  }

  @Test
  void aSuspendedGuestIsLeftSo() throws Exception {
    Path disk = directory.resolve("disk");
    byte[] code = HexFormat.of().parseHex(SUSPENDS.replace(" ", "") + "00".repeat(499) + "55aa");
    byte[] image = new byte[BootSector.IMAGE_SIZE];
    System.arraycopy(code, 0, image, 0, code.length);
    Files.write(disk, image);
    try (Workplace place = new Workplace();
        QemuProcess qemu =
            QemuProcess.builder(QemuVersions.QEMU_10.binary(), directory.resolve("guest"))
                .memoryMib(64)
                .disk(disk)
                .start()) {
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        monitor.awaitStatus("suspended");
      }
      ExecutionException e =
          assertThrows(ExecutionException.class, save(place, qemu.qmpSocket(), Route.MEMORY)::get);
      StillframeException failure = assertInstanceOf(RequestException.class, e.getCause());
      assertTrue(failure.why().contains("the guest is suspended"), failure.getMessage());
      try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
        assertEquals("suspended", monitor.status());
      }
      SaveReport report = save(place, qemu.qmpSocket(), Route.AUTO).get();
      assertEquals(Route.MULTIFD, report.route(), report.routeReason());
      assertTrue(report.routeReason().contains("suspended"), report.routeReason());
    }
  }
}
