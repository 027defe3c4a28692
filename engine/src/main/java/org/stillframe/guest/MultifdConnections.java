/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.stillframe.channel.Supervision;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.InitialPacket;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** The connections of one multifd migration: the main one, and the channels by their number. */
final class MultifdConnections implements Closeable {
  private static final int SLICE_MILLIS = 20;
  private static final String REMEDY = "let nobody else connect, and save the guest again";

  private final Connection[] channels;
  private final List<Connection> open = new ArrayList<>();
  private Connection main;

  /** None yet; {@code count} channels are to come. */
  MultifdConnections(int count) {
    channels = new Connection[count];
  }

  /**
   * Accepts the main connection and all channels, in whatever order they come, and tells them apart
   * by their first bytes. What was accepted stays open if this fails.
   *
   * @param listener has room for all of them
   * @param connecting looks again and again whether to go on, until all have connected
   * @param sorting the same afterwards, when a QEMU may send and answer nothing while it does
   */
  void accept(
      SystemCalls system,
      Descriptor listener,
      Supervision.Watch connecting,
      Supervision.Watch sorting)
      throws StillframeException {
    Sockets sockets = new Sockets(system);
    try {
      acceptAll(system, sockets, listener, connecting);
      for (Connection connection : List.copyOf(open)) {
        sort(sockets, connection, sorting);
      }
    } catch (IOException e) {
      throw MultifdFailures.of("multifd connections", e);
    }
  }

  private void acceptAll(
      SystemCalls system, Sockets sockets, Descriptor listener, Supervision.Watch watch)
      throws StillframeException, IOException {
    int process = -1;
    while (open.size() <= channels.length) {
      Descriptor accepted = sockets.accept(listener, SLICE_MILLIS);
      if (accepted == null) {
        watch.look();
        continue;
      }
      open.add(new Connection(system, accepted, TargetKind.SOCKET));
      int peer = sockets.peer(accepted).process();
      if (process >= 0 && peer != process) {
        throw new DamagedException(
            "multifd connections",
            "processes " + process + " and " + peer + " have both connected",
            REMEDY);
      }
      process = peer;
    }
  }

  private void sort(Sockets sockets, Connection connection, Supervision.Watch watch)
      throws StillframeException, IOException {
    ByteBuffer first = ByteBuffer.allocateDirect(Integer.BYTES);
    while (first.hasRemaining()) {
      watch.look();
      first.clear();
      if (sockets.peek(connection.descriptor(), first, SLICE_MILLIS) < 0) {
        throw new DamagedException(
            "multifd connections", "one ended before it said what it is", REMEDY);
      }
    }
    if (InitialPacket.opening(first) == InitialPacket.Opening.MAIN) {
      if (main != null) {
        throw new DamagedException("multifd connections", "two are main streams", REMEDY);
      }
      main = connection;
      return;
    }
    ByteBuffer packet = ByteBuffer.allocateDirect(InitialPacket.LENGTH);
    while (packet.hasRemaining()) {
      watch.look();
      if (connection.tryRead(packet, SLICE_MILLIS) < 0) {
        throw new DamagedException(
            "multifd connections", "a channel ended inside its initial packet", REMEDY);
      }
    }
    int channel = InitialPacket.decode(packet).channel();
    if (channel >= channels.length) {
      throw new DamagedException(
          "multifd channel " + channel, "there are " + channels.length + " only", REMEDY);
    }
    if (channels[channel] != null) {
      throw new DamagedException("multifd channel " + channel, "it has connected twice", REMEDY);
    }
    channels[channel] = connection;
  }

  /**
   * Connects to a receiver, main first as QEMU before 8.0 demands, and says at once what each
   * connection is: QEMU waits for that.
   */
  void connect(Opener opener, ByteBuffer head, InitialPacket[] first) throws StillframeException {
    try {
      main = add(opener.open());
      main.write(head);
      for (int i = 0; i < channels.length; i++) {
        ByteBuffer packet = ByteBuffer.allocateDirect(InitialPacket.LENGTH);
        first[i].encode(packet);
        channels[i] = add(opener.open());
        channels[i].write(packet);
      }
    } catch (IOException e) {
      throw MultifdFailures.of("multifd connections", e);
    }
  }

  /** Opens one more connection to the same receiver. */
  @FunctionalInterface
  interface Opener {
    Connection open() throws StillframeException, IOException;
  }

  private Connection add(Connection connection) {
    open.add(connection);
    return connection;
  }

  Connection main() {
    return main;
  }

  /** The channels, by number. */
  List<Connection> channels() {
    return Collections.unmodifiableList(Arrays.asList(channels));
  }

  /** All that are open, sorted or not. */
  List<Connection> all() {
    return List.copyOf(open);
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Connection connection : open) {
      try {
        connection.close();
      } catch (IOException e) {
        failure = e;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
