/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.guest.DescriptorSet;
import org.stillframe.guest.Guest;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.GuestEvent;
import org.stillframe.guest.GuestStatus;
import org.stillframe.guest.HostRam;
import org.stillframe.guest.MigrationProgress;
import org.stillframe.guest.MigrationSettings;
import org.stillframe.guest.QemuVersion;
import org.stillframe.guest.Qmp;
import org.stillframe.guest.SettingsScope;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Peer;
import org.stillframe.system.SystemCalls;

/**
 * A guest without a QEMU: it sends a stream that was made by hand through the socket it is given,
 * or takes one, in a thread of its own, and behaves otherwise as {@link Guest} says.
 */
final class FakeGuest implements Guest {
  static final Qmp ADDRESS = Qmp.at(Path.of("/run/vm1.qmp"));

  /** What was asked of it that changes something, in order. */
  final List<String> calls = Collections.synchronizedList(new ArrayList<>());

  final ByteArrayOutputStream loaded = new ByteArrayOutputStream();

  /** Counted down once half of the stream is sent, where it is to {@link #hold}. */
  final CountDownLatch held = new CountDownLatch(1);

  volatile String status = "running";
  volatile boolean quitFails;

  /** Done when the guest was let run. */
  volatile Runnable whenResumed = () -> {};

  volatile String migration = "none";
  volatile Optional<String> error = Optional.empty();
  volatile List<String> blocked = List.of();
  volatile byte[] stream = {};

  /** Whether to send half of the stream and wait until the migration is cancelled. */
  volatile boolean hold;

  /** What the migration ends as once all is sent or taken. */
  volatile String outcome = "completed";

  /** Where it runs once it is loaded. */
  volatile String loadedStatus = "running";

  /** When it says that it was stopped. */
  volatile Optional<Instant> stopTime = Optional.of(Instant.now());

  /** What it says of its RAM, in bytes. */
  volatile long baseMemory;

  /** Done when the settings are put back. */
  volatile Runnable whenPutBack = () -> {};

  private final SystemCalls system = new SystemCalls();
  private final POSIX posix = POSIXFactory.getNativePOSIX();
  private final BlockingQueue<GuestEvent> events = new LinkedBlockingQueue<>();
  private final CountDownLatch cancelled = new CountDownLatch(1);
  private volatile Thread thread;

  GuestConnector connector() {
    return (address, timeout, patience) -> {
      calls.add("connect");
      return this;
    };
  }

  private static void checkInterrupt() throws CancelledException {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancelledException(ErrorCode.CANCELLED, "monitor", "interrupted", "");
    }
  }

  @Override
  public Qmp address() {
    return ADDRESS;
  }

  @Override
  public QemuVersion version() {
    return new QemuVersion(10, 0, 2, "");
  }

  @Override
  public GuestStatus status() throws StillframeException {
    checkInterrupt();
    return new GuestStatus(status, status.equals("running"));
  }

  @Override
  public MigrationProgress migration() throws StillframeException {
    checkInterrupt();
    return new MigrationProgress(
        migration, 0, stream.length, stream.length, 0, 0, 0, 0, error, blocked);
  }

  @Override
  public String machine() {
    return "pc-q35-10.0";
  }

  @Override
  public UUID uuid() {
    return new UUID(0, 0);
  }

  @Override
  public Peer peer() {
    // Nobody can see whether it connects to sockets, so that it gets one.
    return new Peer(0, 0);
  }

  @Override
  public void migrateTo(Path socket) {
    throw new UnsupportedOperationException("no route of this guest's");
  }

  @Override
  public void loadFrom(Path socket) {
    throw new UnsupportedOperationException("no route of this guest's");
  }

  @Override
  public long baseMemory() {
    return baseMemory;
  }

  @Override
  public Map<String, Long> memoryBackends() {
    return Map.of("pc.ram", baseMemory);
  }

  @Override
  public List<HostRam> ram() {
    return List.of();
  }

  @Override
  public Set<String> memoryDevices() {
    return Set.of();
  }

  @Override
  public void saveDevices(DescriptorSet file) {
    throw new UnsupportedOperationException("no route of this guest's");
  }

  @Override
  public void leaveNote(String text, Descriptor any) {
    throw new UnsupportedOperationException("no route of this guest's");
  }

  @Override
  public Map<Long, String> notes() {
    return Map.of();
  }

  @Override
  public void removeNote(long number) {
    throw new UnsupportedOperationException("there is none");
  }

  @Override
  public DescriptorSet pass(List<Descriptor> descriptors) {
    try {
      FakeDescriptorSet set =
          new FakeDescriptorSet(descriptors, () -> calls.add("remove set after " + migration));
      calls.add("pass " + descriptors.size() + " times " + set.access());
      return set;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void start(Work work) {
    migration = "active";
    thread =
        new Thread(
            () -> {
              try {
                work.with(null);
              } catch (IOException | InterruptedException e) {
                error = Optional.of(e.getMessage());
                migration = "failed";
              }
              events.add(new GuestEvent("MIGRATION", Optional.empty(), Optional.of(migration)));
            });
    thread.start();
  }

  @Override
  public void migrateTo(DescriptorSet file) {
    calls.add("migrate to file");
    FakeDescriptorSet set = (FakeDescriptorSet) file;
    start(
        none -> {
          set.write(stream, 0, stream.length / 2 / 4096 * 4096);
          if (hold) {
            held.countDown();
            cancelled.await();
            migration = "cancelled";
            return;
          }
          set.write(stream, stream.length / 2 / 4096 * 4096, stream.length);
          complete();
        });
  }

  @Override
  public void loadFrom(DescriptorSet file) {
    calls.add("load from file");
    start(
        none -> {
          loaded.writeBytes(((FakeDescriptorSet) file).read());
          if (outcome.equals("completed")) {
            status = loadedStatus;
          }
          migration = outcome;
        });
  }

  @Override
  public boolean toldToLoad() {
    return calls.contains("load") || calls.contains("load from file");
  }

  @Override
  public SettingsScope apply(MigrationSettings settings) {
    calls.add("apply");
    return () -> {
      calls.add("put back after " + migration);
      whenPutBack.run();
    };
  }

  private interface Work {
    void with(Connection connection) throws IOException, InterruptedException;
  }

  private void start(Descriptor socket, Work work) {
    int copy = posix.dup(socket.number());
    Connection connection = new Connection(system, system.borrowed(copy), TargetKind.SOCKET);
    migration = "active";
    thread =
        new Thread(
            () -> {
              try {
                work.with(connection);
              } catch (IOException | InterruptedException e) {
                error = Optional.of("Unable to use the socket: " + e.getMessage());
                migration = migration.equals("active") ? "failed" : "cancelled";
              } finally {
                posix.close(copy);
              }
            });
    thread.start();
  }

  @Override
  public void migrateTo(Descriptor socket) {
    calls.add("migrate");
    start(
        socket,
        connection -> {
          if (hold) {
            send(connection, 0, stream.length / 2);
            held.countDown();
            cancelled.await();
            migration = "cancelled";
            return;
          }
          send(connection, 0, stream.length);
          complete();
        });
  }

  private void complete() {
    if (status.equals("running")) {
      events.add(new GuestEvent("STOP", stopTime, Optional.empty()));
    }
    if (outcome.equals("completed")) {
      status = "postmigrate";
    }
    migration = outcome;
  }

  private void send(Connection connection, int from, int to) throws IOException {
    connection.write(ByteBuffer.allocateDirect(to - from).put(stream, from, to - from).flip());
  }

  @Override
  public void loadFrom(Descriptor socket) {
    calls.add("load");
    start(
        socket,
        connection -> {
          ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 16);
          while (!outcome.equals("failed") && connection.read(buffer.clear()) >= 0) {
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            loaded.writeBytes(bytes);
          }
          if (outcome.equals("completed")) {
            status = loadedStatus;
          }
          migration = outcome;
        });
  }

  @Override
  public void cancelMigration() {
    calls.add("cancel");
    if (migration.equals("active")) {
      migration = "cancelling";
    }
    cancelled.countDown();
  }

  @Override
  public Optional<GuestEvent> awaitEvent(Duration timeout) throws StillframeException {
    checkInterrupt();
    try {
      long millis = Math.max(0, Math.min(5, timeout.toMillis()));
      return Optional.ofNullable(events.poll(millis, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException(ErrorCode.CANCELLED, "monitor", "interrupted", "");
    }
  }

  @Override
  public void pause() {
    calls.add("pause");
    loadedStatus = "paused";
    if (status.equals("running")) {
      status = "paused";
    }
  }

  @Override
  public void resume() throws StillframeException {
    calls.add("resume");
    if (status.equals("gone")) {
      throw new GuestException(ErrorCode.GUEST, "monitor", "it is gone", "");
    }
    if (!status.equals("inmigrate")) {
      status = "running";
      whenResumed.run();
    }
  }

  @Override
  public void quit() throws StillframeException {
    calls.add("quit");
    if (quitFails) {
      throw new GuestException(ErrorCode.GUEST, "quit", "no answer", "");
    }
    status = "gone";
  }

  @Override
  public void close() {
    calls.add("close");
    Thread sender = thread;
    boolean interrupted = Thread.interrupted();
    try {
      if (sender != null) {
        sender.join();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
