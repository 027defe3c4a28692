/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
import org.stillframe.stream.ImageSummary;
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

  /** How long QEMU may take to end a migration whose stream has ended. */
  private static final Duration END_LIMIT = Duration.ofSeconds(30);

  private static final Duration POLL = Duration.ofMillis(20);

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
   * What a save did.
   *
   * @param stoppedAt when QEMU stopped the guest; empty if it did not run
   */
  public record Outcome(ImageSummary summary, Optional<Instant> stoppedAt) {}

  /**
   * Saves the guest. When this returns, QEMU has ended its migration well, the guest is stopped,
   * and the whole stream was handed to the sink, which the caller then makes durable.
   *
   * <p>When this throws, no migration is under way and QEMU's settings are as they were, as far as
   * QEMU still answers; whether the guest runs is for the caller to look at.
   *
   * @param maxBandwidth bytes per second; 0 for no limit
   */
  public Outcome save(Guest guest, ImageSink sink, long maxBandwidth, Supervision supervision)
      throws StillframeException {
    try (SettingsScope settings = guest.apply(MigrationSettings.stream(maxBandwidth))) {
      Descriptor[] pair = socketPair(guest);
      try (Descriptor theirs = pair[1];
          Connection ours = new Connection(system, pair[0], TargetKind.SOCKET)) {
        sockets.widen(theirs, SOCKET_BUFFER);
        return transfer(guest, ours, theirs, sink, new Throttle(maxBandwidth), supervision);
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

  private Outcome transfer(
      Guest guest,
      Connection ours,
      Descriptor theirs,
      ImageSink sink,
      Throttle throttle,
      Supervision supervision)
      throws StillframeException, SystemCallException {
    SaveWatch watch = new SaveWatch(guest, sink, supervision);
    supervision.enter(Phase.TRANSFER);
    try (ChannelRun run =
        scheduler.start(
            "save", List.of(() -> sink.record(ours::read, supervision.counter(), throttle)))) {
      try {
        guest.migrateTo(theirs);
        // Ours is a copy now: as long as it is open, the end of the stream would not be seen.
        theirs.close();
        supervision.await(run, watch);
        awaitEnd(guest, watch, supervision);
        return new Outcome(sink.summary(), watch.stoppedAt());
      } catch (StillframeException | SystemCallException | RuntimeException | Error e) {
        // Before the channel is waited for: storage that hangs must not hold up the guest.
        Optional<GuestException> reason = giveUp(guest, ours, e);
        if (reason.isPresent()) {
          throw reason.get();
        }
        throw e;
      }
    }
  }

  /** Waits until QEMU says that the migration has ended. */
  private static void awaitEnd(Guest guest, SaveWatch watch, Supervision supervision)
      throws StillframeException {
    MigrationProgress migration = guest.migration();
    long limit = System.nanoTime() + END_LIMIT.toNanos();
    while (migration.isRunning()) {
      supervision.check();
      if (System.nanoTime() > limit) {
        throw new GuestException(
            ErrorCode.GUEST,
            "migration of " + guest.address(),
            "it is still '" + migration.status() + "' although its stream has ended",
            "look at QEMU's own messages");
      }
      watch.drain(POLL);
      migration = guest.migration();
    }
    watch.drain(Duration.ZERO);
    if (!migration.status().equals("completed")) {
      throw refusal(guest, migration, null);
    }
  }

  private static GuestException refusal(
      Guest guest, MigrationProgress migration, Throwable symptom) {
    return new GuestException(
        ErrorCode.GUEST,
        "migration of " + guest.address(),
        migration
            .errorDescription()
            .orElse("QEMU says '" + migration.status() + "' and gives no reason"),
        "look at QEMU's own messages",
        symptom);
  }

  /**
   * Ends the migration, and finds the reason to show: a stream that is cut is only a symptom if
   * QEMU has a reason of its own or is gone.
   *
   * @return the reason, if it is another than the failure
   */
  private static Optional<GuestException> giveUp(Guest guest, Connection ours, Throwable failure) {
    // An interrupt has had its effect; it must not keep us from waiting until QEMU has let go.
    boolean interrupted = Thread.interrupted();
    try {
      return endMigration(guest, ours, failure);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Optional<GuestException> endMigration(
      Guest guest, Connection ours, Throwable failure) {
    boolean symptom = failure instanceof DamagedException;
    try {
      // Wakes a QEMU that waits for us to read, and the channel that waits for it.
      ours.shutdown();
      guest.cancelMigration();
      MigrationProgress migration = guest.migration();
      long limit = System.nanoTime() + END_LIMIT.toNanos();
      while (migration.isRunning() && System.nanoTime() < limit) {
        guest.awaitEvent(POLL);
        migration = guest.migration();
      }
      if (symptom && migration.status().equals("failed")) {
        return Optional.of(refusal(guest, migration, failure));
      }
    } catch (GuestException e) {
      if (symptom) {
        return Optional.of(e);
      }
      failure.addSuppressed(e);
    } catch (SystemCallException | StillframeException e) {
      failure.addSuppressed(e);
    }
    return Optional.empty();
  }
}
