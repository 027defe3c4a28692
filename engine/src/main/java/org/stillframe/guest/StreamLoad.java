/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.image.ImageSource;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.Configuration;
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
  public ImageSummary load(Guest guest, ImageSource source, Supervision supervision)
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
      Guest guest, Connection ours, Descriptor theirs, ImageSource source, Supervision supervision)
      throws StillframeException, SystemCallException {
    String machine = guest.machine();
    supervision.enter(Phase.TRANSFER);
    try (ChannelRun run =
        scheduler.start("restore", List.of(() -> source.play(ours, supervision.counter())))) {
      guest.loadFrom(theirs);
      theirs.close();
      supervision.await(run, () -> drop(guest, Duration.ZERO));
      ours.shutdownWrite();
      MigrationProgress migration = guest.migration();
      while (migration.isRunning()) {
        supervision.check();
        drop(guest, POLL);
        migration = guest.migration();
      }
      if (!migration.status().equals("completed")) {
        throw refusal(guest, machine, source, words(migration), null);
      }
      return source.summary();
    } catch (GuestException e) {
      throw explain(guest, machine, source, e);
    }
  }

  /** Events are not needed here, but must not pile up. */
  private static void drop(Guest guest, Duration time) throws StillframeException {
    boolean more = guest.awaitEvent(time).isPresent();
    while (more) {
      more = guest.awaitEvent(Duration.ZERO).isPresent();
    }
  }

  /** That QEMU reads no longer, or has ended, is a symptom: the reason is QEMU's. */
  private static GuestException explain(
      Guest guest, String machine, ImageSource source, GuestException failure) {
    if (failure.code() == ErrorCode.INCOMPATIBLE) {
      return failure;
    }
    String words;
    try {
      MigrationProgress migration = guest.migration();
      if (!migration.status().equals("failed")) {
        return failure;
      }
      words = words(migration);
    } catch (GuestException e) {
      if (otherMachine(machine, source).isEmpty()) {
        failure.addSuppressed(e);
        return failure;
      }
      words = "QEMU has ended while it loaded (" + e.why() + ")";
    } catch (StillframeException e) {
      failure.addSuppressed(e);
      return failure;
    }
    return refusal(guest, machine, source, words, failure);
  }

  private static String words(MigrationProgress migration) {
    return migration
        .errorDescription()
        .orElse("QEMU says '" + migration.status() + "' and gives no reason");
  }

  /** The machine of the image, if it is another than QEMU's. */
  private static Optional<String> otherMachine(String machine, ImageSource source) {
    return source
        .configuration()
        .map(Configuration::machine)
        .filter(saved -> !saved.equals(machine));
  }

  private static GuestException refusal(
      Guest guest, String machine, ImageSource source, String words, Exception symptom) {
    return new GuestException(
        ErrorCode.INCOMPATIBLE,
        "load into QEMU at " + guest.address(),
        words,
        otherMachine(machine, source)
            .map(saved -> "the image is of machine " + saved + " and this is " + machine + "; ")
            .orElse("")
            .concat(
                "start a new QEMU with -incoming defer and the options the guest was saved with;"
                    + " the old one's own messages may say more"),
        symptom);
  }
}
