/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.MultifdSink;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/**
 * The route {@code multifd}, outgoing: QEMU migrates over several sockets that it connects to us,
 * and each of them is received by a thread of its own. QEMU itself stops the guest, as on the route
 * {@code stream}. Thread-safe.
 */
public final class MultifdSave {
  private final SystemCalls system;
  private final Sockets sockets;
  private final ChannelScheduler scheduler;

  /** Saves with these. */
  public MultifdSave(SystemCalls system, Sockets sockets, ChannelScheduler scheduler) {
    this.system = system;
    this.sockets = sockets;
    this.scheduler = scheduler;
  }

  /**
   * Saves the guest. When this returns, QEMU has ended its migration well, the guest is stopped,
   * and all of it was handed to the sink and drained, which the caller then makes durable.
   *
   * <p>When this throws, no migration is under way and QEMU's settings are as they were, as far as
   * QEMU still answers; whether the guest runs is for the caller to look at.
   *
   * @param channels 1 to 255
   * @param expected how many bytes will be moved; 0 while that is not known
   */
  public SaveOutcome save(
      Guest guest,
      MultifdSink sink,
      int channels,
      Pace pace,
      LongSupplier expected,
      Supervision supervision)
      throws StillframeException {
    boolean ran = guest.status().running();
    try (SettingsScope settings = guest.apply(MigrationSettings.multifd(channels, pace));
        SocketDirectory directory = SocketDirectory.of(guest);
        Descriptor listener = directory.listen(sockets, channels + 1);
        MultifdConnections from = new MultifdConnections(channels)) {
      supervision.enter(Phase.CONNECT);
      connect(guest, ran, directory, listener, from, supervision);
      supervision.enter(Phase.TRANSFER);
      MultifdReceive receive =
          new MultifdReceive(from, sink, supervision.counter(), pace.maxBandwidth());
      SaveWatch watch = new SaveWatch(guest, expected, supervision);
      return transfer(guest, ran, from, receive, watch, supervision);
    } catch (IOException e) {
      throw MultifdFailures.of("multifd migration of " + guest.address(), e);
    }
  }

  private void connect(
      Guest guest,
      boolean ran,
      SocketDirectory directory,
      Descriptor listener,
      MultifdConnections from,
      Supervision supervision)
      throws StillframeException {
    try (MultifdRelease release = new MultifdRelease(system, scheduler, from, guest.version())) {
      OutgoingMigration migration = new OutgoingMigration(guest, ran, release);
      try {
        supervision.check();
        guest.migrateTo(directory.socket());
        MultifdConnectLimit limit = new MultifdConnectLimit(guest, migration);
        // Nothing ends this but QEMU or the time: see MultifdRelease.
        from.accept(system, listener, limit::connecting, limit::sorting);
        supervision.check();
      } catch (StillframeException | RuntimeException | Error e) {
        throw reason(migration, e, false);
      }
    }
  }

  private SaveOutcome transfer(
      Guest guest,
      boolean ran,
      MultifdConnections from,
      MultifdReceive receive,
      SaveWatch watch,
      Supervision supervision)
      throws StillframeException {
    try (ChannelRun run = scheduler.start("multifd", receive.tasks());
        MultifdRelease release = new MultifdRelease(system, scheduler, from, guest.version())) {
      OutgoingMigration migration = new OutgoingMigration(guest, ran, release);
      try {
        supervision.await(run, watch);
        migration.awaitEnd(watch, supervision);
        return new SaveOutcome(receive.summary(), watch.stoppedAt(), 0);
      } catch (StillframeException | RuntimeException | Error e) {
        // Before the channels are waited for: storage that hangs must not hold up the guest.
        throw reason(migration, e, receive.sourceEnded());
      }
    }
  }

  /** Gives up, and returns what is to be thrown. Unchecked failures are thrown as they are. */
  private static StillframeException reason(
      OutgoingMigration migration, Throwable failure, boolean symptom) {
    Optional<GuestException> reason = migration.giveUp(failure, symptom);
    if (reason.isPresent()) {
      return reason.get();
    }
    if (failure instanceof StillframeException known) {
      return known;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }
}
