/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;
import org.stillframe.image.TransferFailures;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;

/**
 * One queue of a run: takes block after block from a cursor that all queues of the run share, and
 * keeps as many requests in flight as it may. Used by one thread.
 */
final class QueueTask implements ChannelTask {
  /** What all queues of a run have in common. */
  record Run(
      String name,
      StateFile file,
      Setting setting,
      long size,
      AtomicLong cursor,
      Stopwatch stopwatch,
      TransferCounter counter) {}

  private final Run run;
  private final BufferPool pool;
  private final boolean write;
  private final IoQueue.Completion completion = this::completed;
  // By buffer: where its request is.
  private final long[] offsets;
  private IOException failure;
  private long failedAt;

  QueueTask(Run run, BufferPool pool) {
    this.run = run;
    this.pool = pool;
    write = run.setting().operation() == Operation.WRITE;
    offsets = new long[pool.all().size()];
  }

  @Override
  public void run() throws StillframeException {
    try (IoQueue queue = run.file().openQueue(run.setting().depth(), pool.all())) {
      run.stopwatch().begin();
      transfer(queue);
      run.stopwatch().end(write ? run.file()::sync : () -> {});
    } catch (IOException e) {
      throw TransferFailures.of(run.name(), e);
    }
  }

  private void transfer(IoQueue queue) throws StillframeException {
    int blockSize = run.setting().blockSize();
    long offset = run.cursor().getAndAdd(blockSize);
    while (offset < run.size()) {
      int index = free(queue);
      ByteBuffer buffer = pool.get(index).clear();
      buffer.limit((int) Math.min(blockSize, run.size() - offset));
      submit(queue, buffer, offset, index);
      offset = run.cursor().getAndAdd(blockSize);
    }
    while (queue.inFlight() > 0) {
      reap(queue, queue.inFlight());
    }
  }

  private void submit(IoQueue queue, ByteBuffer buffer, long offset, int index)
      throws StillframeException {
    offsets[index] = offset;
    try {
      if (write) {
        queue.write(buffer, offset, index);
      } else {
        queue.read(buffer, offset, index);
      }
    } catch (IOException e) {
      throw failed(offset, e);
    }
    reap(queue, 0);
  }

  private int free(IoQueue queue) throws StillframeException {
    int index = pool.take();
    while (index < 0) {
      reap(queue, 1);
      index = pool.take();
    }
    return index;
  }

  private void reap(IoQueue queue, int atLeast) throws StillframeException {
    try {
      queue.reap(atLeast, completion);
    } catch (IOException e) {
      throw failed(run.cursor().get(), e);
    }
    if (failure != null) {
      throw failed(failedAt, failure);
    }
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(
          ErrorCode.CANCELLED, run.name(), "the benchmark was interrupted", "");
    }
  }

  private void completed(long tag, int transferred, IOException problem) {
    int index = (int) tag;
    int length = pool.get(index).limit();
    pool.give(index);
    run.counter().add(transferred);
    if (failure != null) {
      return;
    }
    failedAt = offsets[index];
    if (problem != null) {
      failure = problem;
    } else if (transferred != length) {
      failure =
          new IOException(
              "the backend moved %d of %d bytes (%s)"
                  .formatted(transferred, length, run.setting().operation()));
    }
  }

  private StillframeException failed(long offset, IOException cause) {
    String what = run.name() + " at byte " + offset + ", backend " + run.setting().backend();
    return TransferFailures.of(what, cause);
  }
}
