/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

/** A stretch of the plain stream of a mapped image, and the piece in which it begins. */
final class StreamStretch {
  private final StreamPieces pieces;
  private long begin;
  private long end;

  /** An empty stretch. */
  StreamStretch(StreamPlan plan) {
    pieces = new StreamPieces(plan);
  }

  /**
   * The whole stream.
   *
   * @param length of it in bytes
   */
  static StreamStretch whole(StreamPlan plan, long length) {
    StreamStretch all = new StreamStretch(plan);
    all.pieces.next();
    all.end = length;
    return all;
  }

  /**
   * Becomes the beginning of another, which loses it.
   *
   * @param length in bytes at the most
   * @return false if the other was empty
   */
  boolean takeFrom(StreamStretch other, long length) {
    if (other.begin == other.end) {
      return false;
    }
    pieces.moveTo(other.pieces);
    begin = other.begin;
    end = Math.min(other.end, begin + length);
    other.begin = end;
    while (other.pieces.end() <= end && other.pieces.next()) {
      // on to the piece in which the rest begins
    }
    return true;
  }

  /** Lets another go where this stretch begins. */
  void enter(StreamPieces other) {
    other.moveTo(pieces);
  }

  /** Where in the stream it begins. */
  long begin() {
    return begin;
  }

  /** Where in the stream it ends. */
  long end() {
    return end;
  }
}
