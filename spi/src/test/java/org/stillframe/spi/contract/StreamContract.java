/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;

/** Pipes and sockets: bytes in order, or a refusal. */
interface StreamContract extends BackendUnderTest {
  /** EPIPE of errno(3). */
  int BROKEN_PIPE = 32;

  /** More than a pipe or a socket holds. */
  int MUCH = 5_000_011;

  /**
   * Opens the backend's end.
   *
   * @return null where the backend serves no streams, and has been seen to refuse this one
   */
  private StateFile stream(Wire wire, OpenMode mode) throws IOException {
    if (servesStreams()) {
      return bench().opened(wire.target(), mode, Set.of());
    }
    assertThrows(IOException.class, () -> bench().opened(wire.target(), mode, Set.of()));
    assertTrue(wire.end().isOpen());
    return null;
  }

  private Wire wire(TargetKind kind, OpenMode mode) throws IOException {
    return bench().keep(Wire.make(kind, mode, bench().directory()));
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  default void bytesAreSentInOrder(TargetKind kind) throws Exception {
    Wire wire = wire(kind, OpenMode.WRITE);
    StateFile file = stream(wire, OpenMode.WRITE);
    if (file != null) {
      byte[] content = Bytes.random(30, MUCH);
      FutureTask<byte[]> peer = background(() -> wire.receive(MUCH));
      IoQueue queue = bench().queue(file, 3);
      int[] lengths = {1, 4095, 4097, 65_536, 100_003, 1 << 20};
      int sent = 0;
      for (int i = 0; sent < MUCH; i++) {
        if (queue.inFlight() == queue.depth()) {
          queue.reap(1, (tag, transferred, failure) -> assertNull(failure));
        }
        int length = Math.min(lengths[i % lengths.length], MUCH - sent);
        queue.write(Bytes.direct(content).position(sent).limit(sent + length), sent, i);
        sent += length;
      }
      queue.reap(queue.inFlight(), (tag, transferred, failure) -> assertNull(failure));
      file.sync();
      assertArrayEquals(content, peer.get());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  default void bytesAreReceivedInOrderUntilTheEnd(TargetKind kind) throws Exception {
    Wire wire = wire(kind, OpenMode.READ);
    StateFile file = stream(wire, OpenMode.READ);
    if (file != null) {
      byte[] content = Bytes.random(31, MUCH);
      FutureTask<Object> peer =
          background(
              () -> {
                wire.send(content);
                wire.peer().close();
                return null;
              });
      Requests requests = bench().requests(file);
      int half = MUCH / 2;
      assertArrayEquals(Arrays.copyOf(content, half), requests.read(0, half));
      assertArrayEquals(Arrays.copyOfRange(content, half, MUCH), requests.read(half, MUCH));
      assertEquals(0, requests.read(MUCH, 4096).length);
      peer.get();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  default void offsetsThatDoNotFollowFail(TargetKind kind) throws IOException {
    Wire wire = wire(kind, OpenMode.WRITE);
    StateFile file = stream(wire, OpenMode.WRITE);
    if (file != null) {
      Requests requests = bench().requests(file);
      assertInstanceOf(IOException.class, requests.tryWrite(Bytes.filled(10, 1), 1));
      requests.write(Bytes.filled(10, 2), 0);
      assertInstanceOf(IOException.class, requests.tryWrite(Bytes.filled(10, 3), 0));
      assertInstanceOf(IOException.class, requests.tryWrite(Bytes.filled(10, 4), 11));
      requests.write(Bytes.filled(10, 5), 10);
      byte[] expected = new byte[20];
      Arrays.fill(expected, 0, 10, (byte) 2);
      Arrays.fill(expected, 10, 20, (byte) 5);
      assertArrayEquals(expected, wire.receive(20));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  default void thereIsNoSizeToAskOrSet(TargetKind kind) throws IOException {
    StateFile file = stream(wire(kind, OpenMode.WRITE), OpenMode.WRITE);
    if (file != null) {
      assertThrows(IOException.class, file::size);
      assertThrows(IOException.class, () -> file.truncate(0));
      file.sync();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  default void aWriteThatNobodyWillReadFails(TargetKind kind) throws IOException {
    Wire wire = wire(kind, OpenMode.WRITE);
    StateFile file = stream(wire, OpenMode.WRITE);
    if (file != null) {
      Requests requests = bench().requests(file);
      requests.write(new byte[100], 0);
      wire.peer().close();
      IOException failure = requests.tryWrite(ByteBuffer.allocateDirect(100_000), 100);
      SystemCallException refusal = assertInstanceOf(SystemCallException.class, failure);
      assertEquals(BROKEN_PIPE, refusal.errno(), refusal.getMessage());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  default void aThreadThatWaitsForTheOtherSideCanBeInterrupted(TargetKind kind) throws Exception {
    for (OpenMode mode : OpenMode.values()) {
      try (Wire wire = Wire.make(kind, mode, bench().directory())) {
        StateFile file = stream(wire, mode);
        if (file != null) {
          FutureTask<IOException> waiting = new FutureTask<>(() -> waitForTheOtherSide(file, mode));
          Thread thread = new Thread(waiting, "waits");
          thread.start();
          Thread.sleep(150);
          thread.interrupt();
          assertInstanceOf(InterruptedIOException.class, waiting.get(), mode + " " + kind);
          assertTrue(wire.end().isOpen());
          file.close();
        }
      }
      for (String name : new String[] {"fifo", "socket"}) {
        Files.deleteIfExists(bench().path(name));
      }
    }
  }

  private static IOException waitForTheOtherSide(StateFile file, OpenMode mode) throws IOException {
    try (IoQueue queue = file.openQueue(1, List.of())) {
      Requests requests = new Requests(queue);
      ByteBuffer buffer = ByteBuffer.allocateDirect(MUCH);
      IOException outcome =
          mode == OpenMode.READ ? requests.tryRead(buffer, 0) : requests.tryWrite(buffer, 0);
      assertTrue(Thread.interrupted(), "the interrupt status stays set");
      return outcome;
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  default void theOtherSideSeesTheEndOnceTheCallerCloses(TargetKind kind) throws IOException {
    Wire wire = wire(kind, OpenMode.WRITE);
    StateFile file = stream(wire, OpenMode.WRITE);
    if (file != null) {
      Requests requests = bench().requests(file);
      requests.write(new byte[] {1, 2, 3}, 0);
      requests.queue().close();
      file.close();
      assertTrue(wire.end().isOpen());
      wire.end().close();
      assertArrayEquals(new byte[] {1, 2, 3}, wire.receive(100));
    }
  }

  private static <T> FutureTask<T> background(Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread thread = new Thread(task, "peer");
    thread.setDaemon(true);
    thread.start();
    return task;
  }
}
