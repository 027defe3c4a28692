/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.FileCalls;

/**
 * Reads an opened image without a backend, while it is asked to: for the little of it that is read
 * where no backend was chosen. Used by one thread.
 */
final class DescriptorQueue implements IoQueue {
  private final FileCalls files;
  private final int fd;
  private final int depth;
  private final Queue<Outcome> ended = new ArrayDeque<>();

  private record Outcome(long tag, int transferred, IOException failure) {}

  DescriptorQueue(FileCalls files, int fd, int depth) {
    this.files = files;
    this.fd = fd;
    this.depth = depth;
  }

  @Override
  public int depth() {
    return depth;
  }

  @Override
  public int inFlight() {
    return ended.size();
  }

  @Override
  public void read(ByteBuffer buffer, long offset, long tag) {
    ByteBuffer into = buffer.duplicate();
    SystemCallException failure = null;
    try {
      files.read(fd, into, offset);
    } catch (SystemCallException e) {
      failure = e;
    }
    ended.add(new Outcome(tag, into.position() - buffer.position(), failure));
  }

  @Override
  public void write(ByteBuffer buffer, long offset, long tag) throws IOException {
    throw new IOException("the image was opened for reading alone");
  }

  @Override
  public int reap(int atLeast, Completion completion) {
    int count = ended.size();
    for (int i = 0; i < count; i++) {
      Outcome outcome = ended.remove();
      completion.completed(outcome.tag, outcome.transferred, outcome.failure);
    }
    return count;
  }

  /** The descriptor belongs to who opened it. */
  @Override
  public void close() {
    ended.clear();
  }
}
