/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.InitialPacket;
import org.stillframe.stream.MainStreamEncoder;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.OrderedSource;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/**
 * The route {@code multifd}, incoming: QEMU loads from several sockets that we connect to it, each
 * of them fed by a thread of its own. Thread-safe.
 */
public final class MultifdLoad {
  private static final int SOCKET_BUFFER = 4 << 20;
  private static final int PAUSE_MILLIS = 5;

  private final SystemCalls system;
  private final Sockets sockets;
  private final ChannelScheduler scheduler;

  /** Loads with these. */
  public MultifdLoad(SystemCalls system, Sockets sockets, ChannelScheduler scheduler) {
    this.system = system;
    this.sockets = sockets;
    this.scheduler = scheduler;
  }

  /**
   * Loads the guest. When this returns, QEMU has taken all of it.
   *
   * @param channels 1 to 255
   */
  public void load(Guest guest, MultifdSource source, int channels, Supervision supervision)
      throws StillframeException {
    MultifdDialect dialect = MultifdDialect.of(guest.version());
    Set<String> untouched = untouched(guest);
    load(
        guest,
        channels,
        () -> Optional.of(source.configuration()),
        to -> tasks(to, source, dialect, untouched, supervision),
        supervision);
  }

  /** The blocks that are zero there, as far as that can be seen. */
  private Set<String> untouched(Guest guest) throws StillframeException {
    return new UntouchedRam(new FileCalls(system)).of(guest).orElse(Set.of());
  }

  /**
   * Loads the guest out of a stream, by one thread that understands it and shares its pages out.
   * When this returns, QEMU has taken all of it.
   *
   * @param channels 1 to 255
   */
  public void load(Guest guest, OrderedSource source, int channels, Supervision supervision)
      throws StillframeException {
    MultifdIntake intake = new MultifdIntake(MultifdDialect.of(guest.version()), untouched(guest));
    load(
        guest,
        channels,
        intake::known,
        to -> source.channels(intake.into(to), supervision.counter()),
        supervision);
  }

  /** What is to be done with the connections. */
  private interface Work {
    List<ChannelTask> over(MultifdConnections to);
  }

  private void load(
      Guest guest,
      int channels,
      Supplier<Optional<Configuration>> configuration,
      Work work,
      Supervision supervision)
      throws StillframeException {
    UUID uuid = guest.uuid();
    InitialPacket[] first = new InitialPacket[channels];
    for (int i = 0; i < channels; i++) {
      first[i] = new InitialPacket(uuid, i);
    }
    try (SettingsScope settings = guest.apply(MigrationSettings.loadMultifd(channels));
        SocketDirectory directory = SocketDirectory.of(guest)) {
      IncomingMigration migration = new IncomingMigration(guest, configuration);
      supervision.enter(Phase.CONNECT);
      guest.loadFrom(directory.lend());
      try (MultifdConnections to = new MultifdConnections(channels)) {
        to.connect(
            () -> open(directory, supervision),
            MultifdMainSender.direct(MainStreamEncoder.header()),
            first);
        supervision.enter(Phase.TRANSFER);
        try (ChannelRun run = scheduler.start("multifd", work.over(to))) {
          supervision.await(run, migration);
        }
        to.main().shutdownWrite();
        migration.awaitEnd(supervision);
      } catch (GuestException e) {
        throw migration.explain(e);
      }
    } catch (IOException e) {
      throw MultifdFailures.of("multifd migration into " + guest.address(), e);
    }
  }

  private static List<ChannelTask> tasks(
      MultifdConnections to,
      MultifdSource source,
      MultifdDialect dialect,
      Set<String> untouched,
      Supervision supervision) {
    MainStreamEncoder encoder = new MainStreamEncoder(dialect.flushWords(), source.sectionId());
    int channels = to.channels().size();
    MultifdZeroRecords zeros = new MultifdZeroRecords(to.main(), encoder, channels);
    List<ChannelTask> tasks = new ArrayList<>();
    tasks.add(new MultifdMainSender(to.main(), source, encoder, zeros, supervision.counter()));
    for (int i = 0; i < channels; i++) {
      Connection channel = to.channels().get(i);
      tasks.add(
          new MultifdSender(i, channel, source, dialect, untouched, zeros, supervision.counter()));
    }
    return tasks;
  }

  /** Connects once more; QEMU's queue of connections may be full for a moment. */
  private Connection open(SocketDirectory directory, Supervision supervision)
      throws StillframeException, IOException {
    Descriptor socket = sockets.tryConnect(directory.socket());
    while (socket == null) {
      supervision.check();
      pause();
      socket = sockets.tryConnect(directory.socket());
    }
    sockets.widen(socket, SOCKET_BUFFER);
    return new Connection(system, socket, TargetKind.SOCKET);
  }

  private static void pause() throws InterruptedIOException {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
  }
}
