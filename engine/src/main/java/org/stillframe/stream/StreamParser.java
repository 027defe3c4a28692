/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;

/**
 * Walks a migration stream from its first byte to its last (QEMU's savevm format, version 3, as
 * QEMU writes it into a socket, a pipe or a file without mapped-ram).
 *
 * <p>A stream is taken only if it is whole: its last bytes must be the description of the devices
 * that QEMU appends. Input that ends anywhere else is refused as damaged, and so is, alas, the
 * stream of a machine with {@code suppress-vmdesc=on}, which nothing tells from a cut one.
 *
 * <p>Refused by name ({@link org.stillframe.error.ErrorCode#UNSUPPORTED}): mapped-ram, multifd,
 * RDMA, postcopy, COLO, background snapshots, return paths, and iterable sections other than RAM's.
 * Multifd with machine types of QEMU 8.0 and older leaves no mark in the main stream: its pages are
 * then missing from what the listener is told. Pages of a size other than 4096 are read where the
 * stream states the size, as for Arm; targets with another fixed size cannot be told and are found
 * damaged.
 *
 * <p>A parser made by {@link #ofMultifd} reads the main stream of a multifd migration instead, and
 * tells the listener where the other channels are to be waited for.
 *
 * <p>Memory is bounded whatever the input holds: 16 MiB of the device part or of one early section
 * are kept at a time, with one copy of them; all early sections together have 16 MiB at the most.
 * Records of pages are read without allocating. Stateless and thread-safe; the input and the
 * listener belong to one thread.
 */
public final class StreamParser {
  private final boolean multifd;

  /** A parser of streams that hold all pages themselves. */
  public StreamParser() {
    this(false);
  }

  private StreamParser(boolean multifd) {
    this.multifd = multifd;
  }

  /**
   * A parser of the main stream of a multifd migration, whose pages travel in other channels. It
   * tells {@link StreamListener#multifdFlush} and takes records of zero pages.
   */
  public static StreamParser ofMultifd() {
    return new StreamParser(true);
  }

  /**
   * Reads the input to its end.
   *
   * @param input at the first byte of the stream, and ending with its last
   * @param listener is told what is met, as it is met
   * @throws DamagedException if the stream is cut, damaged or none
   * @throws org.stillframe.error.RequestException with the code UNSUPPORTED, if it is a stream but
   *     holds something that this parser refuses by name, or an image of another known kind
   * @throws StillframeException whatever the supply or the listener throws
   */
  public ImageSummary parse(StreamInput input, StreamListener listener) throws StillframeException {
    if (!multifd) {
      // A source of multifd sends no more than its list of blocks before the channels are read:
      // looking far ahead would be waiting for ever.
      refuseOtherKinds(input);
    }
    return new StreamWalk(input, listener, multifd).walk();
  }

  /**
   * The length in bytes of a stream that other bytes follow, as on a block device. Reads it to its
   * end and some way beyond. The first end that fits counts.
   *
   * @throws StillframeException as {@link #parse} does
   */
  public long length(StreamInput input) throws StillframeException {
    refuseOtherKinds(input);
    return new StreamWalk(input, new StreamListener() {}, multifd).length();
  }

  /**
   * Looks at the last bytes of a stream alone: most streams that were cut are told so at once.
   *
   * @param tail the last bytes, up to the whole stream
   * @param total the length of the stream in bytes
   * @throws DamagedException if a stream cannot end so
   */
  public static void requireEnd(byte[] tail, long total) throws DamagedException {
    for (byte b : tail) {
      if (b == 0) {
        DevicePart.endByte(tail, total);
        return;
      }
    }
    // The description alone is longer than this: the end of it is yet to be found.
  }

  /** Says what the input is, where that is known, rather than what it is not. */
  private static void refuseOtherKinds(StreamInput input) throws StillframeException {
    byte[] head = new byte[input.lookAhead(StreamKind.HEAD_LENGTH)];
    for (int i = 0; i < head.length; i++) {
      head[i] = (byte) input.peek(i);
    }
    StreamKind kind = StreamKind.of(ByteBuffer.wrap(head));
    long at = input.position();
    switch (kind) {
      case LIBVIRT_IMAGE ->
          throw Faults.unsupported(
              at,
              "header",
              "this is " + kind.label() + ", which holds a stream further on",
              "read it as an image");
      case EMPTY, LIBVIRT_UNFINISHED ->
          throw Faults.damaged(at, "header", "this is " + kind.label());
      default -> {
        // A stream of either layout, or nothing known: the walk says which, and at which byte.
      }
    }
  }
}
