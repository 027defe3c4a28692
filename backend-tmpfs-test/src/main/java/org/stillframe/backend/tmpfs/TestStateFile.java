/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.Target;
import org.stillframe.spi.support.AbstractStateFile;

/** A file whose calls are recorded and struck by faults. Thread-safe. */
final class TestStateFile extends AbstractStateFile {
  private final Instruments instruments;
  private final Handle handle;
  private final AtomicInteger queues = new AtomicInteger();

  TestStateFile(Instruments instruments, Handle handle, Target target, OpenMode mode) {
    super(target, mode);
    this.instruments = instruments;
    this.handle = handle;
    instruments.watch().opened(this, Finding.Kind.FILE_LEFT_OPEN, target.name());
  }

  /** Does what was asked, with the failure that was ordered for it, which is null if none was. */
  interface Action {
    void run(IOException ordered) throws IOException;
  }

  /** Lets one call meet what was ordered for it, and records what came of it. */
  static void perform(
      Instruments instruments, Operation operation, Target target, long argument, Action action)
      throws IOException {
    long nth = instruments.recorder().next(operation);
    Verdict verdict = instruments.faults().verdict(operation, nth, 0, 0);
    IOException failure = null;
    try {
      instruments.gate().pass(verdict);
      if (verdict.cut()) {
        instruments.storage().cutPower("at " + operation.call() + " " + nth);
      }
      action.run(verdict.errno() == null ? null : verdict.errno().failureOf(operation.call()));
    } catch (IOException e) {
      failure = e;
      throw e;
    } finally {
      instruments.recorder().add(operation, nth, target.name(), argument, 0, List.of(), failure);
    }
  }

  private void perform(Operation operation, long argument, Action action) throws IOException {
    perform(instruments, operation, target(), argument, action);
  }

  @Override
  protected long measure() throws IOException {
    return handle.size();
  }

  @Override
  public int memoryAlignment() {
    return 1;
  }

  @Override
  public int offsetAlignment() {
    return 1;
  }

  @Override
  protected IoQueue newQueue(int depth, List<ByteBuffer> buffers) {
    queues.incrementAndGet();
    TestIoQueue queue =
        new TestIoQueue(
            instruments, handle, target().name(), depth, isWritable(), queues::decrementAndGet);
    instruments.watch().opened(queue, Finding.Kind.QUEUE_LEFT_OPEN, "of " + target().name());
    return queue;
  }

  @Override
  protected void resize(long size) throws IOException {
    perform(
        Operation.TRUNCATE,
        size,
        ordered -> {
          fail(ordered);
          handle.resize(size);
        });
  }

  @Override
  protected void flush() throws IOException {
    perform(Operation.SYNC, 0, handle::sync);
  }

  @Override
  protected void release() throws IOException {
    if (queues.get() > 0) {
      instruments
          .watch()
          .saw(
              Finding.Kind.FILE_CLOSED_BEFORE_QUEUE,
              target().name() + " with " + queues.get() + " queues");
    }
    instruments.watch().closed(this);
    // First of all: whatever is ordered, a descriptor that was closed is closed.
    handle.close();
    perform(Operation.CLOSE, 0, TestStateFile::fail);
  }

  static void fail(IOException ordered) throws IOException {
    if (ordered != null) {
      throw ordered;
    }
  }
}
