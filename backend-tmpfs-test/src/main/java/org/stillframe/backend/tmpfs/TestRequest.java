/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/** A request from its submission until it is reaped. Used by one thread. */
final class TestRequest {
  final boolean write;
  final long offset;
  final long tag;
  final long nth;
  final int length;
  final List<Integer> pieces = new ArrayList<>();
  private final ByteBuffer bytes;
  private long checksum;
  boolean done;
  IOException failure;

  TestRequest(boolean write, ByteBuffer buffer, long offset, long tag, long nth) {
    this.write = write;
    this.offset = offset;
    this.tag = tag;
    this.nth = nth;
    // The position and limit of now: what the caller does with his is no business of ours.
    bytes = buffer.slice();
    length = bytes.remaining();
    checksum = checksum();
  }

  Operation operation() {
    return write ? Operation.WRITE : Operation.READ;
  }

  int moved() {
    return pieces.stream().mapToInt(Integer::intValue).sum();
  }

  /** The bytes that come next. */
  ByteBuffer piece(int size) {
    int start = moved();
    return bytes.duplicate().position(start).limit(start + size);
  }

  /** From now on the buffer is expected to stay as it is. */
  void seal() {
    checksum = checksum();
  }

  boolean isIntact() {
    return checksum == checksum();
  }

  private long checksum() {
    CRC32C sum = new CRC32C();
    sum.update(bytes.duplicate());
    return sum.getValue();
  }

  boolean conflictsWith(TestRequest other) {
    return (write || other.write)
        && offset < other.offset + other.length
        && other.offset < offset + length;
  }

  @Override
  public String toString() {
    return (write ? "write " : "read ") + nth + " (" + length + " bytes at " + offset + ")";
  }
}
