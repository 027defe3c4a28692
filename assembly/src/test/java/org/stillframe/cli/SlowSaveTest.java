/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.channel.ProgressListener;
import org.stillframe.error.CancelledException;
import org.stillframe.guest.Qmp;
import org.stillframe.guest.QmpGuestConnector;
import org.stillframe.manager.AfterSave;
import org.stillframe.manager.MigrationManager;
import org.stillframe.manager.SaveRequest;
import org.stillframe.manager.Stillframe;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.TargetUri;
import org.stillframe.testguest.QemuProcess;
import org.stillframe.testguest.QemuVersions;

/**
 * A save that takes longer than QEMU may take for a command: from when it has stopped the guest to
 * the end of the stream, QEMU answers none.
 */
@Tag("qemu")
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SlowSaveTest extends GuestFixture {
  private static final Duration COMMAND_TIME = Duration.ofSeconds(2);

  /** With this, all RAM takes some three times as long. */
  private static final long BYTES_PER_SECOND = 8 << 20;

  private static MigrationManager manager() throws Exception {
    SystemCalls system = new SystemCalls();
    return Stillframe.builder()
        .guests(new QmpGuestConnector(system, new Sockets(system), COMMAND_TIME))
        .build();
  }

  private SaveRequest request(QemuProcess qemu) {
    return SaveRequest.builder(Qmp.at(qemu.qmpSocket()), TargetUri.file(image))
        .maxBandwidth(BYTES_PER_SECOND)
        .afterwards(AfterSave.RESUME)
        .build();
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void succeeds(QemuVersions version) throws Exception {
    try (QemuProcess qemu = guests.running(version, "source");
        MigrationManager manager = manager()) {
      assertEquals("running", manager.save(request(qemu), ProgressListener.NONE).guestStatus());
      qemu.awaitVerifiedRounds(2);
    }
    CommandRun.of("inspect", image).done();
  }

  @ParameterizedTest
  @EnumSource(QemuVersions.class)
  void isCancelledInTheMiddle(QemuVersions version) throws Exception {
    try (QemuProcess qemu = guests.running(version, "source");
        MigrationManager manager = manager()) {
      ProgressListener half =
          progress -> {
            if (progress.bytes() > 20 << 20) {
              manager.cancel();
            }
          };
      assertThrows(CancelledException.class, () -> manager.save(request(qemu), half));
      assertFalse(Files.exists(image));
      assertFalse(Files.exists(Guests.partial(image)));
      qemu.awaitVerifiedRounds(2);
    }
  }
}
