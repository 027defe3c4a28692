/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A request that a queue has taken, and the piece of it that is with the kernel: never more than
 * one at a time. Used again and again, so that a request makes no garbage.
 */
final class Request {
  /** Its place in the queue, by which its completions are known. */
  final int id;

  // The request. The buffer is held so that its memory lives as long as the kernel uses it.
  ByteBuffer buffer;
  boolean write;
  long tag;
  long offset;
  long address;
  int length;
  int registered;
  int done;
  IOException failure;

  // The piece: where it lies in the file and in memory.
  int file;
  long pieceOffset;
  long pieceAddress;
  int pieceLength;

  /** Whether the piece goes through {@link #bounce}. */
  boolean bounced;

  /** Whether the kernel could not carry out the piece at once. */
  boolean again;

  /** Aligned memory for what is not; null until it is needed. */
  ByteBuffer bounce;

  long bounceAddress;

  Request(int id) {
    this.id = id;
  }

  /** Takes a new request. */
  void start(
      boolean write, ByteBuffer buffer, long address, long offset, long tag, int registered) {
    this.write = write;
    this.buffer = buffer;
    this.address = address;
    this.offset = offset;
    this.tag = tag;
    this.registered = registered;
    length = buffer.remaining();
    done = 0;
    again = false;
  }

  /** How many bytes are still to be moved. */
  int remaining() {
    return length - done;
  }

  /** Makes the next {@code count} bytes the piece, straight from or to the caller's memory. */
  void pieceInPlace(int file, int count) {
    this.file = file;
    pieceOffset = offset + done;
    pieceAddress = address + done;
    pieceLength = count;
    bounced = false;
  }

  /** Makes {@code count} bytes of the file the piece, from or to {@link #bounce}. */
  void pieceThroughBounce(int file, long from, int count) {
    this.file = file;
    pieceOffset = from;
    pieceAddress = bounceAddress;
    pieceLength = count;
    bounced = true;
  }
}
