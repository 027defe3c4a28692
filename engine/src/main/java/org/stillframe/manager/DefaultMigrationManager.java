/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.stillframe.backend.BackendSelector;
import org.stillframe.channel.CancelToken;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ProgressListener;
import org.stillframe.channel.Supervision;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.Endpoints;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.InstantLoad;
import org.stillframe.guest.MemoryLoad;
import org.stillframe.guest.MemoryReach;
import org.stillframe.guest.MemorySave;
import org.stillframe.guest.MultifdLoad;
import org.stillframe.guest.MultifdSave;
import org.stillframe.guest.StreamLoad;
import org.stillframe.guest.StreamSave;
import org.stillframe.system.FileCalls;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.Targets;

/** The manager: hands each request to its operation, under supervision. */
final class DefaultMigrationManager implements MigrationManager {
  private final SaveOperation save;
  private final RestoreOperation restore;
  private final StreamOperations streams;
  private final BackendsOperation backends;
  private final BenchmarkOperation benchmark;
  private final QemuArgumentsOperation arguments;

  /** How long {@link #close} waits for work that was cancelled to be cleaned up. */
  private static final long CLOSE_LIMIT = 30_000_000_000L;

  private final Object lock = new Object();

  /** The threads that are at work, each in one call. */
  private final Set<Thread> workers = new HashSet<>();

  /** Cancels what is running; a new one takes its place for what begins later. */
  private CancelToken running = new CancelToken();

  private boolean closed;

  DefaultMigrationManager(
      SystemCalls system,
      Sockets sockets,
      Targets targets,
      BackendSelector selector,
      GuestConnector guests,
      Endpoints endpoints,
      ChannelScheduler scheduler) {
    ImageMaker maker = new ImageMaker(targets, selector, scheduler);
    FileCalls files = new FileCalls(system);
    ImageOpener opener = new ImageOpener(targets, selector, files, scheduler);
    MemoryReach reach = new MemoryReach(system);
    save =
        new SaveOperation(
            system,
            guests,
            maker,
            new StreamSave(system, sockets, scheduler),
            new MultifdSave(system, sockets, scheduler),
            new MemorySave(system, scheduler),
            reach,
            new NativeImageMaker(targets, files, scheduler));
    StreamLoad stream = new StreamLoad(system, sockets, scheduler);
    restore =
        new RestoreOperation(
            system,
            guests,
            opener,
            stream,
            new MultifdLoad(system, sockets, scheduler),
            new MemoryLoad(system, sockets, scheduler),
            reach,
            new NativeRestore(targets, files),
            new InstantRestore(targets, files, new InstantLoad(stream, files)));
    streams = new StreamOperations(system, endpoints, maker, opener, scheduler);
    backends = new BackendsOperation(targets, selector);
    benchmark = new BenchmarkOperation(targets, selector, scheduler, system);
    arguments = new QemuArgumentsOperation(targets, opener, files, scheduler);
  }

  @Override
  public SaveReport save(SaveRequest request, ProgressListener listener)
      throws StillframeException {
    return supervised("save to " + request.target(), request, listener, s -> save.run(request, s));
  }

  @Override
  public RestoreReport restore(RestoreRequest request, ProgressListener listener)
      throws StillframeException {
    return supervised(
        "restore from " + request.image(), request, listener, s -> restore.run(request, s));
  }

  @Override
  public ReceiveReport receive(ReceiveRequest request, ProgressListener listener)
      throws StillframeException {
    return supervised(
        "receive to " + request.target(), request, listener, s -> streams.receive(request, s));
  }

  @Override
  public SendReport send(SendRequest request, ProgressListener listener)
      throws StillframeException {
    return supervised(
        "send of " + request.image(), request, listener, s -> streams.send(request, s));
  }

  @Override
  public ImageDescription inspect(InspectRequest request, ProgressListener listener)
      throws StillframeException {
    return supervised(
        "look at " + request.image(), request, listener, s -> streams.inspect(request, s));
  }

  @Override
  public ConvertReport convert(ConvertRequest request, ProgressListener listener)
      throws StillframeException {
    return supervised(
        "conversion of " + request.image(), request, listener, s -> streams.convert(request, s));
  }

  @Override
  public QemuArgumentsReport qemuArguments(QemuArgumentsRequest request)
      throws StillframeException {
    return supervised(
        "look at " + request.image(),
        request,
        ProgressListener.NONE,
        s -> arguments.run(request, s));
  }

  @Override
  public BackendsReport backends(BackendsRequest request) throws StillframeException {
    return supervised(
        "look at the storage backends", request, ProgressListener.NONE, s -> backends.run(request));
  }

  @Override
  public BenchmarkReport benchmark(BenchmarkRequest request, ProgressListener listener)
      throws StillframeException {
    return supervised(
        "benchmark of " + request.target(), request, listener, s -> benchmark.run(request, s));
  }

  private interface Work<T> {
    T under(Supervision supervision) throws StillframeException;
  }

  private <T> T supervised(String name, Request request, ProgressListener listener, Work<T> work)
      throws StillframeException {
    CancelToken token;
    synchronized (lock) {
      if (closed) {
        throw new CancelledException(ErrorCode.CANCELLED, name, "the manager is closed", "");
      }
      token = running;
      workers.add(Thread.currentThread());
    }
    try {
      return work.under(
          new Supervision(name, token, request.cancelToken(), request.deadline(), listener));
    } catch (OutOfMemoryError e) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          name,
          "the JVM has not got the memory for it: " + e.getMessage(),
          remedy(e) + " (the command takes it from STILLFRAME_OPTS)",
          e);
    } finally {
      synchronized (lock) {
        workers.remove(Thread.currentThread());
        lock.notifyAll();
      }
    }
  }

  /** Each channel has buffers of its own; what the heap holds grows with RAM, as bitmaps do. */
  private static String remedy(OutOfMemoryError e) {
    return String.valueOf(e.getMessage()).contains("heap")
        ? "allow the JVM more by -Xmx"
        : "ask for fewer channels, or allow the JVM more by -XX:MaxDirectMemorySize";
  }

  @Override
  public void cancel() {
    synchronized (lock) {
      running.cancel();
      running = new CancelToken();
    }
  }

  @Override
  public void close() {
    synchronized (lock) {
      closed = true;
      cancel();
      // A listener may close the manager that calls it: it does not wait for itself.
      workers.remove(Thread.currentThread());
      long limit = System.nanoTime() + CLOSE_LIMIT;
      try {
        for (long left = CLOSE_LIMIT; !workers.isEmpty() && left > 0; ) {
          TimeUnit.NANOSECONDS.timedWait(lock, left);
          left = limit - System.nanoTime();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
