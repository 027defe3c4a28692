/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.stillframe.spi.support.AbstractIoQueue;

/**
 * A queue that carries out its requests at submission, or, if the plan says so, when they are
 * reaped and in any order. Used by one thread, which it checks.
 */
final class TestIoQueue extends AbstractIoQueue {
  private final Instruments instruments;
  private final Handle handle;
  private final String target;
  private final Runnable closed;
  private final SplittableRandom order;
  private final List<TestRequest> pending = new ArrayList<>();
  private Thread user;
  private boolean shared;
  private boolean failureSeen;

  TestIoQueue(
      Instruments instruments,
      Handle handle,
      String target,
      int depth,
      boolean writable,
      Runnable closed) {
    super(depth, writable);
    this.instruments = instruments;
    this.handle = handle;
    this.target = target;
    this.closed = closed;
    order = instruments.faults().order(instruments.nextQueue());
  }

  @Override
  protected void submit(boolean write, ByteBuffer buffer, long offset, long tag) {
    requireUser();
    Operation operation = write ? Operation.WRITE : Operation.READ;
    long nth = instruments.recorder().next(operation);
    TestRequest request = new TestRequest(write, buffer, offset, tag, nth);
    for (TestRequest other : pending) {
      if (request.conflictsWith(other)) {
        saw(Finding.Kind.REQUESTS_OVERLAP, other + " and " + request);
      }
    }
    pending.add(request);
    if (order == null) {
      carryOut(request);
    }
  }

  @Override
  protected int collect(int atLeast, Completion completion) {
    requireUser();
    int count = inFlight();
    if (order != null) {
      count = atLeast + order.nextInt(inFlight() - atLeast + 1);
    }
    for (int i = 0; i < count; i++) {
      TestRequest request = pending.remove(order == null ? 0 : order.nextInt(pending.size()));
      finish(request);
      failureSeen |= request.failure != null;
      complete(completion, request.tag, request.moved(), request.failure);
    }
    return count;
  }

  /** Brings a request to its end, and looks whether its buffer was left alone until then. */
  private void finish(TestRequest request) {
    if ((request.done || request.write) && !request.isIntact()) {
      saw(Finding.Kind.BUFFER_CHANGED, "that of " + request);
    }
    if (!request.done) {
      carryOut(request);
    }
  }

  private void carryOut(TestRequest request) {
    Verdict verdict =
        instruments
            .faults()
            .verdict(request.operation(), request.nth, request.offset, request.length);
    instruments.gate().pass(verdict);
    try {
      transfer(request, verdict);
    } catch (IOException e) {
      request.failure = e;
    }
    request.done = true;
    request.seal();
    instruments
        .recorder()
        .add(
            request.operation(),
            request.nth,
            target,
            request.offset,
            request.length,
            request.pieces,
            request.failure);
  }

  private void transfer(TestRequest request, Verdict verdict) throws IOException {
    handle.require(request.operation());
    if (request.offset > Long.MAX_VALUE - request.length) {
      throw Errno.EFBIG.failureOf(request.operation().call());
    }
    int whole = verdict.errno() == null ? request.length : verdict.after();
    int room = request.write ? room(request) : request.length;
    move(request, Math.min(whole, room));
    if (verdict.cut()) {
      instruments.storage().cutPower("at " + request.operation().call() + " " + request.nth);
      instruments.storage().requirePower(0, request.operation());
    }
    if (room < whole) {
      throw Errno.ENOSPC.failureOf(request.operation().call());
    }
    if (verdict.errno() != null) {
      throw verdict.errno().failureOf(request.operation().call());
    }
  }

  private int room(TestRequest request) {
    long room = instruments.faults().limit() - request.offset;
    return (int) Math.max(0, Math.min(request.length, room));
  }

  private void move(TestRequest request, int end) throws IOException {
    SplittableRandom lengths = instruments.faults().pieces(request.operation(), request.nth);
    int left = end;
    while (left > 0) {
      ByteBuffer piece = request.piece(lengths == null ? left : 1 + lengths.nextInt(left));
      int wanted = piece.remaining();
      long at = request.offset + request.moved();
      int start = piece.position();
      try {
        if (request.write) {
          handle.write(piece, at);
        } else {
          handle.read(piece, at);
        }
      } finally {
        if (piece.position() > start) {
          request.pieces.add(piece.position() - start);
        }
      }
      if (piece.hasRemaining()) {
        return;
      }
      left -= wanted;
    }
  }

  @Override
  protected void release() {
    closed.run();
    instruments.watch().closed(this);
    // Reads that were dropped have told nobody a lie.
    long dropped = pending.stream().filter(request -> request.write).count();
    boolean gaveUp = failureSeen || Thread.currentThread().isInterrupted();
    while (!pending.isEmpty()) {
      finish(pending.remove(0));
    }
    if (dropped > 0 && !gaveUp) {
      saw(Finding.Kind.WRITE_NOT_REAPED, dropped + " when the queue was closed");
    }
  }

  private void requireUser() {
    if (user == null) {
      user = Thread.currentThread();
    } else if (user != Thread.currentThread() && !shared) {
      shared = true;
      saw(Finding.Kind.QUEUE_SHARED, user.getName() + " and " + Thread.currentThread().getName());
    }
  }

  private void saw(Finding.Kind kind, String what) {
    instruments.watch().saw(kind, what + ", " + target);
  }
}
