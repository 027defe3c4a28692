/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.inject.Guice;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.error.GuestException;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.Qmp;
import org.stillframe.guest.QmpGuestConnector;
import org.stillframe.guice.StillframeModule;
import org.stillframe.manager.Layout;
import org.stillframe.manager.MigrationManager;
import org.stillframe.manager.Route;
import org.stillframe.manager.SaveRequest;
import org.stillframe.manager.Stillframe;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.TargetUri;
import org.stillframe.testguest.Monitor;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/** A save by the route native that is stopped costs nobody a running guest. */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class NativeInterruptionTest extends GuestFixture {
  private SaveRequest request(QemuProcess qemu, CancelToken token) {
    return SaveRequest.builder(Qmp.at(qemu.qmpSocket()), TargetUri.file(image))
        .layout(Layout.MAPPED)
        .route(Route.NATIVE)
        .cancelToken(token)
        .build();
  }

  private void save(QemuProcess qemu, CancelToken token, ProgressListener listener)
      throws Exception {
    try (MigrationManager manager =
        Guice.createInjector(new StillframeModule()).getInstance(MigrationManager.class)) {
      manager.save(request(qemu, token), listener);
    }
  }

  @Test
  void cancelledWhileQemuWrites() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      String before = settings(qemu);
      CancelToken token = new CancelToken();
      Thread canceller =
          new Thread(
              () -> {
                try {
                  Guests.awaitBegun(image);
                  token.cancel();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      canceller.start();
      assertThrows(CancelledException.class, () -> save(qemu, token, ProgressListener.NONE));
      canceller.join();
      requireGuestRuns(qemu, before);
    }
  }

  /** As one that writes the RAM of the stopped guest for longer than a command may take. */
  @Test
  void cancelledWhileQemuAnswersNothing() throws Exception {
    SystemCalls system = new SystemCalls();
    Sockets sockets = new Sockets(system);
    GuestConnector impatient = new QmpGuestConnector(system, sockets, Duration.ofSeconds(1));
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source");
        MigrationManager manager = Stillframe.builder().guests(impatient).build()) {
      String before = settings(qemu);
      String pid = Long.toString(qemu.pid());
      CancelToken token = new CancelToken();
      Thread canceller =
          new Thread(
              () -> {
                try {
                  Guests.awaitBegun(image);
                  HostCommand.run("kill", "-STOP", pid);
                  token.cancel();
                  // Longer than all commands together may take that put things in order.
                  Thread.sleep(10_000);
                  HostCommand.run("kill", "-CONT", pid);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      canceller.start();
      assertThrows(
          CancelledException.class,
          () -> manager.save(request(qemu, token), ProgressListener.NONE));
      canceller.join();
      requireGuestRuns(qemu, before);
    }
  }

  @Test
  void cancelledWhenQemuHasFinished() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      String before = settings(qemu);
      CancelToken token = new CancelToken();
      ProgressListener listener =
          progress -> {
            if (progress.phase() == Phase.SYNC) {
              token.cancel();
            }
          };
      assertThrows(CancelledException.class, () -> save(qemu, token, listener));
      requireGuestRuns(qemu, before);
    }
  }

  /** Where it cannot open as many descriptors as it has channels, QEMU crashes. */
  @Test
  void qemuHasNoRoomForItsChannels() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      String before = settings(qemu);
      HostCommand.run("prlimit", "--pid", Long.toString(qemu.pid()), "--nofile=100:100");
      CommandRun.save(
              qemu.qmpSocket(),
              image,
              "--format",
              "mapped",
              "--route",
              "native",
              "--channels",
              "120")
          .failed(4, "120 channels", "--channels", "RLIMIT_NOFILE");
      requireGuestRuns(qemu, before);
      CommandRun.save(
              qemu.qmpSocket(), image, "--format", "mapped", "--route", "native", "--channels", "8")
          .done();
    }
  }

  @Test
  void cancelledAtOnce() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      String before = settings(qemu);
      CancelToken token = new CancelToken();
      assertThrows(CancelledException.class, () -> save(qemu, token, progress -> token.cancel()));
      requireGuestRuns(qemu, before);
    }
  }

  @Test
  void killedQemu() throws Exception {
    try (QemuProcess qemu = guests.running(QemuVersions.QEMU_10, "source")) {
      assertThrows(
          GuestException.class, () -> save(qemu, new CancelToken(), progress -> qemu.close()));
      assertFalse(Files.exists(image));
      assertFalse(Files.exists(Guests.partial(image)));
    }
  }

  private void requireGuestRuns(QemuProcess qemu, String before) throws IOException {
    assertEquals(before, settings(qemu));
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      assertEquals("running", monitor.status());
      assertNotEquals("active", monitor.migrationStatus());
      assertEquals(0, monitor.execute("{'execute':'query-fdsets'}").getAsJsonArray().size());
    }
    assertFalse(Files.exists(image));
    assertFalse(Files.exists(Guests.partial(image)));
    qemu.awaitVerifiedRounds(2);
  }

  private static String settings(QemuProcess qemu) throws IOException {
    try (Monitor monitor = new Monitor(qemu.qmpSocket())) {
      return monitor.migrationSettings();
    }
  }
}
