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
import org.stillframe.channel.ChannelRun;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Progress.Phase;
import org.stillframe.channel.Supervision;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.InitialPacket;
import org.stillframe.stream.MainStreamEncoder;
import org.stillframe.stream.MultifdSource;
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
    MainStreamEncoder encoder = new MainStreamEncoder(dialect.flushWords(), source.sectionId());
    Set<String> untouched = new UntouchedRam(new FileCalls(system)).of(guest).orElse(Set.of());
    UUID uuid = guest.uuid();
    InitialPacket[] first = new InitialPacket[channels];
    for (int i = 0; i < channels; i++) {
      first[i] = new InitialPacket(uuid, i);
    }
    try (SettingsScope settings = guest.apply(MigrationSettings.loadMultifd(channels));
        SocketDirectory directory = SocketDirectory.of(guest)) {
      IncomingMigration migration =
          new IncomingMigration(guest, () -> Optional.of(source.configuration()));
      supervision.enter(Phase.CONNECT);
      guest.loadFrom(directory.socket());
      try (MultifdConnections to = new MultifdConnections(channels)) {
        to.connect(
            () -> open(directory, supervision), MultifdMainSender.direct(encoder.header()), first);
        supervision.enter(Phase.TRANSFER);
        List<ChannelTask> tasks = tasks(to, source, dialect, untouched, encoder, supervision);
        try (ChannelRun run = scheduler.start("multifd", tasks)) {
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
      MainStreamEncoder encoder,
      Supervision supervision) {
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
