/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.util.List;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.Playable;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.ImageSummary;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/**
 * The route {@code stream}, incoming: QEMU loads from a socket whose other end is ours.
 * Thread-safe.
 */
public final class StreamLoad {
  private static final int SOCKET_BUFFER = 4 << 20;

  private final SystemCalls system;
  private final Sockets sockets;
  private final ChannelScheduler scheduler;

  /** Loads with these. */
  public StreamLoad(SystemCalls system, Sockets sockets, ChannelScheduler scheduler) {
    this.system = system;
    this.sockets = sockets;
    this.scheduler = scheduler;
  }

  /** Loads the guest. When this returns, QEMU has taken all of it. */
  public ImageSummary load(Guest guest, Playable source, Supervision supervision)
      throws StillframeException {
    try (SettingsScope settings = guest.apply(MigrationSettings.load())) {
      Descriptor[] pair = sockets.pair();
      try (Descriptor theirs = pair[1];
          Connection ours = new Connection(system, pair[0], TargetKind.SOCKET)) {
        sockets.widen(ours.descriptor(), SOCKET_BUFFER);
        return transfer(guest, ours, theirs, source, supervision);
      }
    } catch (IOException e) {
      throw new GuestException(ErrorCode.GUEST, guest.address().toString(), e.getMessage(), "", e);
    }
  }

  private ImageSummary transfer(
      Guest guest, Connection ours, Descriptor theirs, Playable source, Supervision supervision)
      throws StillframeException, SystemCallException {
    IncomingMigration migration = new IncomingMigration(guest, source::configuration);
    supervision.enter(Phase.TRANSFER);
    try (ChannelRun run =
        scheduler.start("restore", List.of(() -> source.play(ours, supervision.counter())))) {
      guest.loadFrom(theirs);
      theirs.close();
      supervision.await(run, migration);
      ours.shutdownWrite();
      migration.awaitEnd(supervision);
      return source.summary();
    } catch (GuestException e) {
      throw migration.explain(e);
    }
  }
}
