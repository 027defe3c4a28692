/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.spi.support.AbstractIoQueue;

/**
 * A queue with a ring of its own. Each request has at most one entry with the kernel; what it is to
 * do next follows from that entry's completion.
 */
final class UringQueue extends AbstractIoQueue {
  /**
   * Bytes that are gathered before they are submitted while the storage is busy anyway. The call
   * costs about a microsecond: nothing for a large request, which goes at once so that the storage
   * never waits for a caller who computes, and much for many small ones.
   */
  private static final int GATHERED = 128 << 10;

  private final SystemCalls calls;
  private final OpenedFiles files;
  private final Pieces pieces;
  private final Ring ring;
  private final Registration registration;
  private final Request[] requests;
  private final int[] free;
  private int freeCount;
  private long gathered;

  UringQueue(
      SystemCalls calls,
      OpenedFiles files,
      Pieces pieces,
      Ring ring,
      Registration registration,
      int depth,
      boolean writable) {
    super(depth, writable);
    this.calls = calls;
    this.files = files;
    this.pieces = pieces;
    this.ring = ring;
    this.registration = registration;
    requests = new Request[depth];
    free = new int[depth];
    for (int i = 0; i < depth; i++) {
      requests[i] = new Request(i);
      free[i] = depth - 1 - i;
    }
    freeCount = depth;
  }

  @Override
  protected void submit(boolean write, ByteBuffer buffer, long offset, long tag)
      throws IOException {
    Request request = requests[free[freeCount - 1]];
    long address = calls.addressOf(buffer) + buffer.position();
    int registered = registration.bufferOf(address, buffer.remaining());
    request.start(write, buffer, address, offset, tag, registered);
    push(request);
    freeCount--;
    gathered += request.length;
    if (gathered >= GATHERED || ring.underWay() == ring.ready() || freeCount == 0) {
      try {
        enter(0);
      } catch (IOException e) {
        ring.retract();
        putBack(request);
        throw e;
      }
    }
  }

  private void push(Request request) {
    if (request.length > 0) {
      pieces.next(request);
    }
    pushPiece(request);
  }

  private void pushPiece(Request request) {
    if (request.length == 0) {
      ring.push(Uapi.Sqe.OP_NOP, 0, -1, 0, 0, 0, 0, request.id);
      return;
    }
    boolean fixed = request.registered != Registration.NONE && !request.bounced;
    byte opcode =
        request.write
            ? fixed ? Uapi.Sqe.OP_WRITE_FIXED : Uapi.Sqe.OP_WRITE
            : fixed ? Uapi.Sqe.OP_READ_FIXED : Uapi.Sqe.OP_READ;
    boolean known = registration.hasFiles();
    ring.push(
        opcode,
        (known ? Uapi.Sqe.FIXED_FILE : 0) | (request.again ? Uapi.Sqe.ASYNC : 0),
        known ? request.file : files.descriptor(request.file),
        request.pieceOffset,
        request.pieceAddress,
        request.pieceLength,
        fixed ? request.registered : 0,
        request.id);
  }

  private boolean enter(int minComplete) throws IOException {
    boolean moved = ring.enter(minComplete);
    if (ring.unsubmitted() == 0) {
      gathered = 0;
    }
    return moved;
  }

  @Override
  protected int collect(int atLeast, Completion completion) throws IOException {
    int handed = handOver(completion);
    if (handed == 0 && atLeast == 0 && ring.isHoldingBack()) {
      enter(0);
      handed = handOver(completion);
    }
    while (handed < atLeast || ring.unsubmitted() > 0) {
      boolean moved = enter(Math.max(0, atLeast - handed));
      int now = handOver(completion);
      handed += now;
      if (!moved && now == 0) {
        if (handed >= atLeast) {
          break;
        }
        Thread.yield();
      }
    }
    return handed;
  }

  /** Hands over what has completed, without a call; to nobody if completion is null. */
  private int handOver(Completion completion) {
    int ready = ring.ready();
    int seen = 0;
    int handed = 0;
    try {
      while (seen < ready) {
        Request request = requests[ring.id(seen)];
        int result = ring.result(seen);
        seen++;
        if (endsOrFails(request, result)) {
          IOException failure = request.failure;
          putBack(request);
          handed++;
          if (completion != null) {
            complete(completion, request.tag, request.done, failure);
          }
        }
      }
    } finally {
      ring.advance(seen);
    }
    return handed;
  }

  /** What has no memory to go on with ends there: nobody would wait for the rest of it. */
  private boolean endsOrFails(Request request, int result) {
    try {
      return ends(request, result);
    } catch (OutOfMemoryError e) {
      request.failure = new IOException("no memory for the rest of the request", e);
      return true;
    }
  }

  /** Takes the result of a piece; unless it was the last, more of the request has been pushed. */
  private boolean ends(Request request, int result) {
    if (isTransient(result)) {
      request.again = true;
      pushPiece(request);
      return false;
    }
    String call = request.write ? "io_uring write" : "io_uring read";
    if (result < 0) {
      request.failure = calls.failure(call, result);
      return true;
    }
    if (request.length == 0) {
      return true;
    }
    int moved = pieces.moved(request, result);
    request.done += moved;
    request.again = false;
    if (moved == 0 && request.write) {
      request.failure = new IOException(call + ": nothing went to " + request.pieceOffset);
    }
    if (moved == 0 || request.remaining() == 0) {
      return true;
    }
    push(request);
    return false;
  }

  /** ECANCELED: the thread that submitted it has ended, and the kernel dropped its work. */
  private static boolean isTransient(int result) {
    return result == -SystemCalls.EINTR
        || result == -SystemCalls.EAGAIN
        || result == -SystemCalls.ECANCELED;
  }

  private void putBack(Request request) {
    request.buffer = null;
    request.failure = null;
    free[freeCount++] = request.id;
  }

  @Override
  protected void release() throws IOException {
    IOException failure = null;
    while (ring.underWay() + ring.unsubmitted() > 0) {
      try {
        if (!enter(1)) {
          Thread.yield();
        }
      } catch (IOException e) {
        // What the kernel has taken it still reads from memory or writes to: only that it ends
        // makes an end. What it has not taken is dropped.
        failure = failure == null ? e : failure;
        ring.discard();
        Thread.yield();
      }
      handOver(null);
    }
    try {
      registration.close();
      ring.close();
    } catch (IOException e) {
      failure = failure == null ? e : failure;
    }
    if (failure != null) {
      throw failure;
    }
  }
}
