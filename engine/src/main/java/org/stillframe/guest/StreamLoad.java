/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.StreamSource;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.StreamSummary;
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
  private static final Duration POLL = Duration.ofMillis(5);

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
  public StreamSummary load(Guest guest, StreamSource source, Supervision supervision)
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

  private StreamSummary transfer(
      Guest guest, Connection ours, Descriptor theirs, StreamSource source, Supervision supervision)
      throws StillframeException, SystemCallException {
    supervision.enter(Phase.TRANSFER);
    try (ChannelRun run =
        scheduler.start("restore", List.of(() -> source.play(ours, supervision.counter())))) {
      guest.loadFrom(theirs);
      theirs.close();
      supervision.await(run, () -> requireLoading(guest));
      ours.shutdownWrite();
      MigrationProgress migration = guest.migration();
      while (migration.isRunning()) {
        supervision.check();
        guest.awaitEvent(POLL);
        migration = guest.migration();
      }
      if (!migration.status().equals("completed")) {
        throw refusal(guest, source, migration);
      }
      return source.summary();
    } catch (StillframeException e) {
      throw explain(guest, source, e);
    }
  }

  private static void requireLoading(Guest guest) throws StillframeException {
    while (guest.awaitEvent(Duration.ZERO).isPresent()) {
      // Events are not needed here; they must not pile up.
    }
  }

  /** A stream that QEMU no longer reads is a symptom: the reason is QEMU's. */
  private static StillframeException explain(
      Guest guest, StreamSource source, StillframeException failure) {
    if (!(failure instanceof GuestException)) {
      return failure;
    }
    try {
      MigrationProgress migration = guest.migration();
      return migration.status().equals("failed") ? refusal(guest, source, migration) : failure;
    } catch (GuestException e) {
      // So does a QEMU before 9.1 that refuses a stream.
      return refused(guest, source, "QEMU has ended while it was loading (" + e.why() + ")");
    } catch (StillframeException e) {
      failure.addSuppressed(e);
      return failure;
    }
  }

  private static GuestException refusal(
      Guest guest, StreamSource source, MigrationProgress migration) {
    return refused(
        guest,
        source,
        migration
            .errorDescription()
            .orElse("QEMU says '" + migration.status() + "' and gives no reason"));
  }

  private static GuestException refused(Guest guest, StreamSource source, String why) {
    return new GuestException(
        ErrorCode.INCOMPATIBLE,
        "load into " + guest.address(),
        why,
        "see QEMU's own messages, and start it anew with -incoming defer and the options the guest"
            + " was saved with, among them machine type "
            + source.machine());
  }
}
