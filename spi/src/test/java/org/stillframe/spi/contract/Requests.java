/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.spi.IoQueue;

/** Requests on a queue, each waited for before the next. */
public final class Requests {
  private final IoQueue queue;
  private long tag;
  private int transferred;
  private IOException failure;
  private int completions;

  Requests(IoQueue queue) {
    this.queue = queue;
  }

  /** Writes, and asks that all of it was written. */
  public void write(ByteBuffer buffer, long offset) throws IOException {
    assertNull(tryWrite(buffer, offset), "failure of the write at " + offset);
    assertEquals(buffer.remaining(), transferred, "bytes written at " + offset);
  }

  /** Writes copies of bytes. */
  public void write(byte[] bytes, long offset) throws IOException {
    write(Bytes.direct(bytes), offset);
  }

  /** Reads, and says how many bytes came. */
  public int read(ByteBuffer buffer, long offset) throws IOException {
    assertNull(tryRead(buffer, offset), "failure of the read at " + offset);
    return transferred;
  }

  /** Reads up to so many bytes; the array is as long as what came. */
  public byte[] read(long offset, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(length);
    return Bytes.of(buffer.limit(read(buffer, offset)));
  }

  /** Writes; the outcome is a failure or null. */
  public IOException tryWrite(ByteBuffer buffer, long offset) throws IOException {
    queue.write(buffer, offset, ++tag);
    return outcome();
  }

  /** Reads; the outcome is a failure or null. */
  public IOException tryRead(ByteBuffer buffer, long offset) throws IOException {
    queue.read(buffer, offset, ++tag);
    return outcome();
  }

  /** The queue. */
  public IoQueue queue() {
    return queue;
  }

  private IOException outcome() throws IOException {
    completions = 0;
    int reaped =
        queue.reap(
            1,
            (completed, bytes, why) -> {
              assertEquals(tag, completed, "tag");
              transferred = bytes;
              failure = why;
              completions++;
            });
    assertEquals(1, reaped, "completions by reap's answer");
    assertEquals(1, completions, "completions handed over");
    return failure;
  }
}
