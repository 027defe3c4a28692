/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.stillframe.spi.support.AbstractIoQueue;

/** Requests that a few threads carry out, and that complete in any order. Used by one thread. */
final class ThreadedQueue extends AbstractIoQueue {
  private static final int THREADS = 3;

  private record Done(long tag, int transferred, IOException failure) {}

  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final SplittableRandom random = new SplittableRandom(1);
  private final Semaphore ready = new Semaphore(0);
  private final List<Done> done = new ArrayList<>();
  private final List<Runnable> later = new ArrayList<>();
  private final List<ByteBuffer> buffers;
  private final ThreadedTransfer transfer;
  private final Mistake mistake;
  private int waiting;

  ThreadedQueue(
      FileChannel file, int depth, boolean writable, List<ByteBuffer> buffers, Mistake mistake) {
    super(depth, writable);
    this.buffers = List.copyOf(buffers);
    this.mistake = mistake;
    transfer = new ThreadedTransfer(file, mistake);
  }

  @Override
  protected void submit(boolean write, ByteBuffer buffer, long offset, long tag) {
    ByteBuffer used = buffer.duplicate();
    if (mistake == Mistake.CONFUSES_EQUAL_BUFFERS && buffers.contains(buffer)) {
      used = buffers.get(buffers.indexOf(buffer)).duplicate();
    } else if (mistake == Mistake.IGNORES_THE_BUFFERS_POSITION) {
      used.position(0).limit(buffer.remaining());
    }
    ByteBuffer bytes = used;
    waiting++;
    Runnable request = () -> carryOut(write, bytes, offset, tag);
    if (mistake == Mistake.DROPS_WHAT_IS_NOT_REAPED) {
      later.add(request);
    } else {
      threads.execute(request);
    }
  }

  private void carryOut(boolean write, ByteBuffer bytes, long offset, long tag) {
    int position = bytes.position();
    int length = bytes.remaining();
    IOException failure = null;
    try {
      if (write) {
        transfer.write(bytes, offset);
      } else {
        transfer.read(bytes, offset);
      }
    } catch (IOException e) {
      failure = e;
    }
    int moved = bytes.position() - position;
    if (mistake == Mistake.HIDES_FAILURES && failure != null) {
      failure = null;
      moved = length;
    } else if (mistake == Mistake.COUNTS_ONE_LESS && moved % 2 == 1) {
      moved--;
    }
    add(new Done(tag, moved, failure));
  }

  private void add(Done one) {
    synchronized (done) {
      done.add(one);
    }
    ready.release();
  }

  @Override
  protected int collect(int atLeast, Completion completion) {
    later.forEach(threads::execute);
    later.clear();
    int reaped = 0;
    while (reaped < atLeast || ready.availablePermits() > 0) {
      ready.acquireUninterruptibly();
      Done one;
      synchronized (done) {
        one = done.remove(random.nextInt(done.size()));
      }
      reaped++;
      waiting--;
      try {
        complete(completion, one.tag(), one.transferred(), one.failure());
      } catch (RuntimeException e) {
        if (mistake == Mistake.REPEATS_AFTER_A_THROW) {
          add(one);
        }
        throw e;
      }
    }
    return reaped;
  }

  @Override
  protected void release() {
    threads.shutdown();
    if (mistake != Mistake.DROPS_WHAT_IS_NOT_REAPED) {
      ready.acquireUninterruptibly(waiting);
    }
  }
}
