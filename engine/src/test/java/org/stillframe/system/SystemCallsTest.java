/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import jnr.constants.platform.Fcntl;
import jnr.posix.MsgHdr;
import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;

class SystemCallsTest {
  private final SystemCalls system = new SystemCalls();
  private final Sockets sockets = new Sockets(system);

  @TempDir Path directory;

  @Test
  void aFailureCarriesTheSystemsOwnWords() {
    SystemCallException e =
        assertThrows(
            SystemCallException.class,
            () -> system.open(directory.resolve("none"), OpenFlags.READ_ONLY, 0));
    assertEquals("open: No such file or directory (ENOENT)", e.getMessage());
    assertEquals(2, e.errno());
  }

  @Test
  void whatAProcessHasUsedGrows() throws Exception {
    ResourceUse before = system.resourceUse();
    assertTrue(before.peakResidentBytes() > 1 << 20, "a JVM is larger: " + before);
    assertTrue(before.user().compareTo(Duration.ZERO) > 0, "it has started: " + before);
    ResourceUse after = before;
    for (long start = System.nanoTime(); after.equals(before); after = system.resourceUse()) {
      assertTrue(System.nanoTime() - start < 30_000_000_000L, "the clock of the processor stands");
    }
    assertTrue(after.processorTime().compareTo(before.processorTime()) >= 0, "time runs forward");
    assertEquals(after.user().plus(after.system()), after.processorTime());
  }

  @Test
  void aFileCanBeDroppedFromTheCache() throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[5000]);
    try (Descriptor fd = system.open(file, OpenFlags.READ_ONLY, 0)) {
      system.dropFromCache(fd.number());
    }
    SystemCallException e = assertThrows(SystemCallException.class, () -> system.dropFromCache(-1));
    assertEquals("posix_fadvise: Bad file descriptor (EBADF)", e.getMessage());
  }

  @Test
  void factsTellFilesPipesSocketsAndDirectoriesApart() throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[5000]);
    try (Descriptor fd = system.open(file, OpenFlags.READ_ONLY, 0)) {
      FileFacts facts = system.facts(fd.number());
      assertEquals(TargetKind.REGULAR, facts.kind());
      assertEquals(5000, facts.size());
      assertFalse(facts.fileSystem().isEmpty());
    }
    try (Descriptor fd = system.open(directory, OpenFlags.READ_ONLY, 0)) {
      assertEquals(TargetKind.DIRECTORY, system.facts(fd.number()).kind());
    }
    Descriptor[] pair = sockets.pair();
    assertEquals(TargetKind.SOCKET, system.facts(pair[0].number()).kind());
    pair[0].close();
    pair[1].close();
    assertThrows(SystemCallException.class, () -> system.facts(pair[0].number()));
  }

  @Test
  void aFileSystemsDirectIoAlignmentIsReported() throws Exception {
    Path file = Files.createTempFile(Path.of("/var/tmp"), "stillframe", ".facts");
    try (Descriptor fd = system.open(file, OpenFlags.READ_ONLY, 0)) {
      FileFacts facts = system.facts(fd.number());
      if (facts.fileSystem().equals("ext4")) {
        assertTrue(facts.directOffsetAlignment() >= 512, facts.toString());
      }
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void bytesAndADescriptorCrossASocket() throws Exception {
    Descriptor[] pair = sockets.pair();
    try (Connection a = new Connection(system, pair[0], TargetKind.SOCKET);
        Connection b = new Connection(system, pair[1], TargetKind.SOCKET)) {
      ByteBuffer hello = SystemCalls.buffer(5).put("hello".getBytes()).flip();
      a.write(hello);
      ByteBuffer read = SystemCalls.buffer(16);
      assertEquals(5, b.read(read));
      assertEquals(0, b.tryRead(read, 0));
      hello.rewind();
      assertEquals(5, system.sendWithDescriptor(pair[0].number(), hello, pair[1].number()));
      assertEquals(5, b.read(read));
      a.shutdownWrite();
      assertEquals(-1, b.read(read));
    }
  }

  @Test
  void aDescriptorGoesWithTheFirstByte() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "content");
    Descriptor[] pair = sockets.pair();
    try (Connection a = new Connection(system, pair[0], TargetKind.SOCKET);
        Descriptor b = pair[1];
        Descriptor passed = system.open(file, OpenFlags.READ_ONLY, 0)) {
      ByteBuffer hello = SystemCalls.buffer(5).put("hello".getBytes()).flip();
      assertEquals(5, a.tryWrite(hello, passed, 1000));
      assertEquals(0, hello.remaining());
      POSIX posix = POSIXFactory.getNativePOSIX();
      MsgHdr message = posix.allocateMsgHdr();
      ByteBuffer received = SystemCalls.buffer(1);
      message.setIov(new ByteBuffer[] {received});
      message.allocateControl(Integer.BYTES);
      assertEquals(1, posix.recvmsg(b.number(), message, 0));
      ByteBuffer control = message.getControls()[0].getData();
      int number = control.order(ByteOrder.nativeOrder()).getInt(0);
      assertEquals(7, system.facts(number).size());
      system.close(number);
    }
  }

  @Test
  void aBoundedWriteEndsWhenTheOtherEndTakesNothing() throws Exception {
    Descriptor[] pair = sockets.pair();
    try (Connection a = new Connection(system, pair[0], TargetKind.SOCKET)) {
      ByteBuffer much = SystemCalls.buffer(8 << 20);
      int count;
      do {
        count = a.tryWrite(much, 10);
      } while (count > 0);
      assertTrue(much.position() > 0 && much.hasRemaining());
      assertEquals(0, a.tryWrite(much, pair[1], 10));
    } finally {
      pair[1].close();
    }
  }

  @Test
  void aLargeWriteGoesThroughWhole() throws Exception {
    Descriptor[] pair = sockets.pair();
    try (Connection a = new Connection(system, pair[0], TargetKind.SOCKET);
        Connection b = new Connection(system, pair[1], TargetKind.SOCKET)) {
      int size = 8 << 20;
      Thread writer =
          new Thread(
              () -> {
                try {
                  a.write(SystemCalls.buffer(size));
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
      writer.start();
      ByteBuffer read = SystemCalls.buffer(size);
      while (read.hasRemaining()) {
        assertTrue(b.read(read) > 0);
      }
      writer.join();
    }
  }

  private Descriptor[] pipe() {
    int[] ends = new int[2];
    assertEquals(0, POSIXFactory.getNativePOSIX().pipe(ends));
    return new Descriptor[] {
      new Descriptor(system, ends[0], true), new Descriptor(system, ends[1], true)
    };
  }

  @Test
  void aBoundedWriteIntoAPipeEndsWhenTheReaderTakesNothing() throws Exception {
    Descriptor[] ends = pipe();
    try (Descriptor reader = ends[0];
        Connection writer = new Connection(system, ends[1], TargetKind.PIPE)) {
      ByteBuffer much = SystemCalls.buffer(1 << 20);
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () -> {
            int count;
            do {
              count = writer.tryWrite(much, 10);
            } while (count > 0);
          });
      assertTrue(much.position() > 0 && much.hasRemaining());
      // The flags of the end itself, which another process may share, are untouched.
      int flags = POSIXFactory.getNativePOSIX().fcntl(ends[1].number(), Fcntl.F_GETFL);
      assertEquals(0, flags & OpenFlags.NON_BLOCKING);
      assertTrue(reader.number() >= 0);
    }
  }

  @Test
  void aWriterToAStalledPipeCanBeInterrupted() throws Exception {
    Descriptor[] ends = pipe();
    AtomicReference<Exception> seen = new AtomicReference<>();
    Connection stalled = new Connection(system, ends[1], TargetKind.PIPE);
    Thread writer =
        new Thread(
            () -> {
              try {
                stalled.write(SystemCalls.buffer(1 << 20));
              } catch (Exception e) {
                seen.set(e);
              }
            });
    writer.setDaemon(true);
    writer.start();
    Thread.sleep(200);
    writer.interrupt();
    writer.join(10_000);
    assertFalse(writer.isAlive());
    assertEquals(InterruptedIOException.class, seen.get().getClass());
    stalled.close();
    ends[0].close();
  }

  @Test
  void theReaderOfAPipeSeesTheEndWhenTheWriterIsClosed() throws Exception {
    Descriptor[] ends = pipe();
    try (Connection reader = new Connection(system, ends[0], TargetKind.PIPE)) {
      try (Connection writer = new Connection(system, ends[1], TargetKind.PIPE)) {
        writer.write(SystemCalls.buffer(5));
      }
      ByteBuffer read = SystemCalls.buffer(16);
      assertEquals(5, reader.read(read));
      assertEquals(-1, reader.tryRead(read, 5000));
    }
  }

  @Test
  void aPipeWithoutAReaderSaysSo() throws Exception {
    Descriptor[] ends = pipe();
    ends[0].close();
    try (Connection writer = new Connection(system, ends[1], TargetKind.PIPE)) {
      SystemCallException e =
          assertThrows(SystemCallException.class, () -> writer.write(SystemCalls.buffer(1 << 20)));
      assertEquals("write: Broken pipe (EPIPE)", e.getMessage());
    }
  }

  @Test
  void aWaitingThreadCanBeInterrupted() throws Exception {
    Descriptor[] pair = sockets.pair();
    try (Connection a = new Connection(system, pair[0], TargetKind.SOCKET)) {
      AtomicReference<Exception> seen = new AtomicReference<>();
      Thread reader =
          new Thread(
              () -> {
                try {
                  a.read(SystemCalls.buffer(1));
                } catch (Exception e) {
                  seen.set(e);
                }
              });
      reader.start();
      reader.interrupt();
      reader.join();
      assertEquals(InterruptedIOException.class, seen.get().getClass());
    } finally {
      pair[1].close();
    }
  }

  @Test
  void whatIsPeekedAtIsStillThere() throws Exception {
    Descriptor[] pair = sockets.pair();
    try (Connection a = new Connection(system, pair[0], TargetKind.SOCKET);
        Connection b = new Connection(system, pair[1], TargetKind.SOCKET)) {
      ByteBuffer four = SystemCalls.buffer(4);
      assertEquals(0, sockets.peek(pair[0], four, 0));
      b.write(SystemCalls.buffer(6).putInt(0, 7));
      assertEquals(4, sockets.peek(pair[0], four, 1000));
      assertEquals(7, four.getInt(0));
      assertEquals(6, a.read(SystemCalls.buffer(8)));
      b.shutdownWrite();
      assertEquals(-1, sockets.peek(pair[0], four.clear(), 1000));
    }
  }

  @Test
  void listenersAcceptAndConnectionsKnowTheirPeer() throws Exception {
    Path path = directory.resolve("socket");
    try (Descriptor listener = sockets.listen(path)) {
      assertNull(sockets.accept(listener, 0));
      try (Descriptor client = sockets.tryConnect(path);
          Descriptor server = sockets.accept(listener, 1000)) {
        assertEquals(ProcessHandle.current().pid(), sockets.peer(client).process());
        assertEquals(Files.getAttribute(path, "unix:uid"), sockets.peer(client).user());
        assertTrue(server.number() > 0);
      }
      SystemCallException taken =
          assertThrows(SystemCallException.class, () -> sockets.listen(path));
      assertEquals("bind: Address already in use (EADDRINUSE)", taken.getMessage());
    }
    assertThrows(
        SystemCallException.class, () -> sockets.tryConnect(Path.of("/" + "x".repeat(200))));
  }

  @Test
  void aPeerThatHasGotOtherRightsSinceIsNotTheSame() {
    assertEquals(new Peer(7, 1000), Peer.of(7, 1000, 1000));
    assertEquals(new Peer(7, 1000), Peer.of(7, 0, 1000), "root has given them up");
    assertEquals(new Peer(0, 1000), Peer.of(7, 1000, 0));
    assertEquals(new Peer(0, 1000), Peer.of(7, 1000, 1001));
  }

  @Test
  void aRenameTakesNoNameThatIsTaken() throws Exception {
    Path a = Files.writeString(directory.resolve("a"), "a");
    Path b = Files.writeString(directory.resolve("b"), "b");
    SystemCallException e =
        assertThrows(SystemCallException.class, () -> system.renameToFreeName(a, b));
    assertEquals("renameat2: File exists (EEXIST)", e.getMessage());
    system.rename(a, b);
    assertEquals("a", Files.readString(b));
    system.renameToFreeName(b, a);
    assertEquals("a", Files.readString(a));
  }
}
