/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.StillframeException;

/** The threads of one run. */
final class ThreadChannelRun implements ChannelRun {
  private final List<Thread> threads = new ArrayList<>();
  private final AtomicReference<Throwable> firstFailure = new AtomicReference<>();
  private final CountDownLatch ended;

  ThreadChannelRun(String name, List<ChannelTask> tasks) {
    ended = new CountDownLatch(tasks.size());
    for (int i = 0; i < tasks.size(); i++) {
      ChannelTask task = tasks.get(i);
      Thread thread = new Thread(() -> run(task), "stillframe-" + name + "-" + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
    try {
      threads.forEach(Thread::start);
    } catch (Error e) {
      // The system has no thread left for one of them: the others must not outlive this.
      close();
      throw e;
    }
  }

  private void run(ChannelTask task) {
    try {
      task.run();
    } catch (StillframeException | RuntimeException | Error e) {
      if (firstFailure.compareAndSet(null, e)) {
        interruptAll();
      }
    } finally {
      ended.countDown();
    }
  }

  private void interruptAll() {
    for (Thread thread : threads) {
      if (thread != Thread.currentThread()) {
        thread.interrupt();
      }
    }
  }

  @Override
  public boolean await(Duration time) throws StillframeException {
    try {
      if (!ended.await(time.toNanos(), TimeUnit.NANOSECONDS)) {
        return false;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException(
          ErrorCode.CANCELLED, "transfer", "the thread was interrupted", "", e);
    }
    Throwable failure = firstFailure.get();
    if (failure == null) {
      return true;
    }
    if (failure instanceof StillframeException known) {
      throw known;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  @Override
  public void close() {
    interruptAll();
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
