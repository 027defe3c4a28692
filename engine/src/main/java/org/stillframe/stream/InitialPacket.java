/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.UUID;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;

/**
 * What every channel of multifd begins with. Immutable.
 *
 * @param uuid of the guest; all zero if it has none
 * @param channel 0 to 255
 */
public record InitialPacket(UUID uuid, int channel) {
  /** Bytes of it on the wire. */
  public static final int LENGTH = MultifdWire.INITIAL_LENGTH;

  private static final String WHERE = "initial packet of a multifd channel";

  /** Checks that nothing is null. */
  public InitialPacket {
    Objects.requireNonNull(uuid, "uuid");
  }

  /** What a connection's first four bytes say it is. */
  public enum Opening {
    /** The main stream. */
    MAIN,
    /** A channel of multifd. */
    CHANNEL
  }

  /**
   * Tells a channel from the main stream.
   *
   * @param first the first four bytes, from index 0, whatever the byte order
   * @throws DamagedException if it is neither
   */
  public static Opening opening(ByteBuffer first) throws DamagedException {
    int word =
        first.get(0) << 24
            | (first.get(1) & 0xff) << 16
            | (first.get(2) & 0xff) << 8
            | first.get(3) & 0xff;
    return switch (word) {
      case Wire.MAGIC -> Opening.MAIN;
      case MultifdWire.MAGIC -> Opening.CHANNEL;
      default ->
          throw Faults.damaged(
              0,
              "first bytes of a connection",
              String.format("0x%08x begins neither a stream nor a multifd channel", word));
    };
  }

  /** Reads a packet of {@link #LENGTH} bytes from index 0; big-endian. */
  public static InitialPacket decode(ByteBuffer packet) throws StillframeException {
    magic(packet, 0, WHERE);
    return new InitialPacket(
        new UUID(
            packet.getLong(MultifdWire.UUID_AT), packet.getLong(MultifdWire.UUID_AT + Long.BYTES)),
        packet.get(MultifdWire.ID_AT) & 0xff);
  }

  /** Writes the packet to {@link #LENGTH} bytes from index 0; big-endian. */
  public void encode(ByteBuffer packet) {
    for (int i = 0; i < LENGTH; i += Long.BYTES) {
      packet.putLong(i, 0);
    }
    packet.putInt(0, MultifdWire.MAGIC).putInt(Integer.BYTES, MultifdWire.VERSION);
    packet.putLong(MultifdWire.UUID_AT, uuid.getMostSignificantBits());
    packet.putLong(MultifdWire.UUID_AT + Long.BYTES, uuid.getLeastSignificantBits());
    packet.put(MultifdWire.ID_AT, (byte) channel);
  }

  /** Checks the two words with which every packet begins. */
  static void magic(ByteBuffer packet, long at, String where) throws StillframeException {
    int magic = packet.getInt(0);
    if (magic != MultifdWire.MAGIC) {
      throw Faults.damaged(
          at, where, String.format("it has the magic 0x%x, not 0x%x", magic, MultifdWire.MAGIC));
    }
    int version = packet.getInt(Integer.BYTES);
    if (version != MultifdWire.VERSION) {
      throw Faults.unsupported(
          at,
          where,
          "it has version " + version + ", not " + MultifdWire.VERSION,
          "save with a QEMU whose packets this release reads, or through another route");
    }
  }
}
