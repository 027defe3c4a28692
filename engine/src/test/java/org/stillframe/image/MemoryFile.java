/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.system.SystemCalls;

/**
 * A file in memory. Its queues carry requests out when they are reaped and not before, some of them
 * at a time and in any order, and complain of a buffer that is touched or used twice meanwhile.
 * Several threads may use a queue each.
 */
final class MemoryFile implements StateFile {
  private final Random random;
  private byte[] bytes;
  private int requests;
  private int failingRequest = -1;
  private int failingErrno;
  private int shortRequest = -1;
  private int open;
  private int alignment = 1;

  MemoryFile(long seed, byte[] bytes) {
    this.random = new Random(seed);
    this.bytes = bytes.clone();
  }

  /** Lets the nth request, counted from 0, fail with an error number. */
  MemoryFile failing(int request, int errno) {
    failingRequest = request;
    failingErrno = errno;
    return this;
  }

  /** Lets the nth request move a byte less than asked, and say nothing. */
  MemoryFile shortAt(int request) {
    shortRequest = request;
    return this;
  }

  /** Asks for buffers that are aligned so, and complains of others. */
  MemoryFile aligned(int bytes) {
    alignment = bytes;
    return this;
  }

  synchronized byte[] bytes() {
    return bytes.clone();
  }

  synchronized void append(byte[] more) {
    int old = bytes.length;
    bytes = Arrays.copyOf(bytes, old + more.length);
    System.arraycopy(more, 0, bytes, old, more.length);
  }

  /** How many requests there were. */
  synchronized int requests() {
    return requests;
  }

  synchronized int openQueues() {
    return open;
  }

  @Override
  public synchronized long size() {
    return bytes.length;
  }

  @Override
  public int memoryAlignment() {
    return alignment;
  }

  @Override
  public int offsetAlignment() {
    return 1;
  }

  @Override
  public synchronized IoQueue openQueue(int depth, List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      if (buffer.alignmentOffset(0, alignment) != 0) {
        throw new AssertionError("a buffer that is not aligned to " + alignment);
      }
    }
    open++;
    return new Queue(depth);
  }

  @Override
  public synchronized void truncate(long size) {
    bytes = Arrays.copyOf(bytes, (int) size);
  }

  @Override
  public void sync() {}

  @Override
  public void close() {}

  private record Request(
      boolean write, ByteBuffer buffer, long offset, long tag, long checksum, int number) {}

  private final class Queue implements IoQueue {
    private final int depth;
    private final List<Request> inFlight = new ArrayList<>();
    private boolean closed;

    Queue(int depth) {
      this.depth = depth;
    }

    @Override
    public int depth() {
      return depth;
    }

    @Override
    public int inFlight() {
      return inFlight.size();
    }

    @Override
    public void read(ByteBuffer buffer, long offset, long tag) {
      for (int i = buffer.position(); i < buffer.limit(); i++) {
        buffer.put(i, (byte) 0xa5);
      }
      submit(false, buffer, offset, tag);
    }

    @Override
    public void write(ByteBuffer buffer, long offset, long tag) {
      submit(true, buffer, offset, tag);
    }

    private void submit(boolean write, ByteBuffer buffer, long offset, long tag) {
      if (closed || inFlight.size() == depth || !buffer.isDirect() || offset < 0) {
        throw new AssertionError("a request against the contract");
      }
      if (inFlight.stream().anyMatch(request -> request.tag() == tag)) {
        throw new AssertionError("the buffer " + tag + " is in flight already");
      }
      ByteBuffer slice = buffer.slice();
      synchronized (MemoryFile.this) {
        inFlight.add(new Request(write, slice, offset, tag, checksum(slice), requests++));
      }
    }

    @Override
    public int reap(int atLeast, Completion completion) {
      if (closed || atLeast < 0 || atLeast > inFlight.size()) {
        throw new AssertionError(atLeast + " of " + inFlight.size() + " requests");
      }
      synchronized (MemoryFile.this) {
        int count = atLeast + random.nextInt(inFlight.size() - atLeast + 1);
        for (int i = 0; i < count; i++) {
          carryOut(inFlight.remove(random.nextInt(inFlight.size())), completion);
        }
        return count;
      }
    }

    private void carryOut(Request request, Completion completion) {
      if (checksum(request.buffer()) != request.checksum()) {
        throw new AssertionError("the buffer " + request.tag() + " was touched in flight");
      }
      if (request.number() == failingRequest) {
        IOException failure =
            SystemCalls.failure(request.write() ? "pwrite" : "pread", failingErrno);
        completion.completed(request.tag(), 0, failure);
        return;
      }
      int length = request.buffer().remaining() - (request.number() == shortRequest ? 1 : 0);
      completion.completed(
          request.tag(), request.write() ? store(request, length) : load(request, length), null);
    }

    private int store(Request request, int length) {
      int end = (int) request.offset() + length;
      if (end > bytes.length) {
        bytes = Arrays.copyOf(bytes, end);
      }
      request.buffer().duplicate().get(bytes, (int) request.offset(), length);
      return length;
    }

    private int load(Request request, int length) {
      int count = (int) Math.max(0, Math.min(length, bytes.length - request.offset()));
      if (count > 0) {
        request.buffer().duplicate().put(bytes, (int) request.offset(), count);
      }
      return count;
    }

    @Override
    public void close() {
      synchronized (MemoryFile.this) {
        if (!closed) {
          closed = true;
          open--;
          inFlight.forEach(request -> carryOut(request, (tag, count, failure) -> {}));
          inFlight.clear();
        }
      }
    }
  }

  private static long checksum(ByteBuffer buffer) {
    CRC32 crc = new CRC32();
    crc.update(buffer.duplicate());
    return crc.getValue();
  }
}
