/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.channel.Throttle;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.ImageSink;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/**
 * The route {@code stream}, outgoing: QEMU migrates into a socket whose other end is ours. Works
 * with every QEMU. Thread-safe.
 *
 * <p>QEMU itself stops the guest, at its first chance: so the stream says that the guest ran, and
 * if anything fails, even this process, QEMU lets it run on.
 */
public final class StreamSave {
  /** Asked for QEMU's end of the socket: it need not wait while a chunk is being written. */
  private static final int SOCKET_BUFFER = 4 << 20;

  private final SystemCalls system;
  private final Sockets sockets;
  private final ChannelScheduler scheduler;

  /** Saves with these. */
  public StreamSave(SystemCalls system, Sockets sockets, ChannelScheduler scheduler) {
    this.system = system;
    this.sockets = sockets;
    this.scheduler = scheduler;
  }

  /**
   * Saves the guest. When this returns, QEMU has ended its migration well, the guest is stopped,
   * and the whole stream was handed to the sink, which the caller then makes durable.
   *
   * <p>When this throws, no migration is under way and QEMU's settings are as they were, as far as
   * QEMU still answers; whether the guest runs is for the caller to look at.
   */
  public SaveOutcome save(Guest guest, ImageSink sink, Pace pace, Supervision supervision)
      throws StillframeException {
    boolean ran = guest.status().running();
    try (SettingsScope settings = guest.apply(MigrationSettings.stream(pace))) {
      Descriptor[] pair = socketPair(guest);
      try (Descriptor theirs = pair[1];
          Connection ours = new Connection(system, pair[0], TargetKind.SOCKET)) {
        sockets.widen(theirs, SOCKET_BUFFER);
        // Wakes a QEMU that waits for us to read, and the channel that waits for it.
        OutgoingMigration migration = new OutgoingMigration(guest, ran, ours::shutdown);
        Throttle throttle = new Throttle(pace.maxBandwidth());
        return transfer(guest, migration, ours, theirs, sink, throttle, supervision);
      } catch (IOException e) {
        throw new GuestException(
            ErrorCode.GUEST, guest.address().toString(), e.getMessage(), "", e);
      }
    }
  }

  private Descriptor[] socketPair(Guest guest) throws GuestException {
    try {
      return sockets.pair();
    } catch (SystemCallException e) {
      throw new GuestException(ErrorCode.GUEST, guest.address().toString(), e.getMessage(), "", e);
    }
  }

  private SaveOutcome transfer(
      Guest guest,
      OutgoingMigration migration,
      Connection ours,
      Descriptor theirs,
      ImageSink sink,
      Throttle throttle,
      Supervision supervision)
      throws StillframeException, SystemCallException {
    SaveWatch watch = new SaveWatch(guest, sink::expectedBytes, supervision);
    supervision.enter(Phase.TRANSFER);
    try (ChannelRun run =
        scheduler.start(
            "save", List.of(() -> sink.record(ours::read, supervision.counter(), throttle)))) {
      try {
        guest.migrateTo(theirs);
        // Ours is a copy now: as long as it is open, the end of the stream would not be seen.
        theirs.close();
        supervision.await(run, watch);
        migration.awaitEnd(watch, supervision);
        return new SaveOutcome(sink.summary(), watch.stoppedAt(), 0);
      } catch (StillframeException | SystemCallException | RuntimeException | Error e) {
        // Before the channel is waited for: storage that hangs must not hold up the guest.
        Optional<GuestException> reason = migration.giveUp(e, e instanceof DamagedException);
        if (reason.isPresent()) {
          throw reason.get();
        }
        throw e;
      }
    }
  }
}
