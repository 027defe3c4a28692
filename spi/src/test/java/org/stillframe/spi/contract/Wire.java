/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.Closeable;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** A pipe or a socket: one end for the backend, the other for the test. */
public final class Wire implements Closeable {
  private final TargetKind kind;
  private final Descriptor end;
  private final ByteChannel peer;

  private Wire(TargetKind kind, Descriptor end, ByteChannel peer) {
    this.kind = kind;
    this.end = end;
    this.peer = peer;
  }

  /** Makes one whose backend's end is for reading or for writing. */
  public static Wire make(TargetKind kind, OpenMode mode, Path directory) throws IOException {
    return kind == TargetKind.PIPE ? pipe(mode, directory) : socket(directory);
  }

  private static Wire pipe(OpenMode mode, Path directory) throws IOException {
    Path fifo = directory.resolve("fifo");
    try {
      Process mkfifo = new ProcessBuilder("mkfifo", fifo.toString()).inheritIO().start();
      if (mkfifo.waitFor() != 0) {
        throw new IOException("mkfifo failed");
      }
    } catch (InterruptedException e) {
      throw new IOException("interrupted", e);
    }
    boolean writes = mode == OpenMode.WRITE;
    StandardOpenOption ours = writes ? StandardOpenOption.WRITE : StandardOpenOption.READ;
    StandardOpenOption theirs = writes ? StandardOpenOption.READ : StandardOpenOption.WRITE;
    // Open both ways a FIFO waits for nobody, and with it the two ends do not wait either.
    try (FileChannel both =
        FileChannel.open(fifo, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      Descriptor end = Descriptor.open(fifo, ours);
      return new Wire(TargetKind.PIPE, end, FileChannel.open(fifo, theirs));
    }
  }

  private static Wire socket(Path directory) throws IOException {
    UnixDomainSocketAddress address = UnixDomainSocketAddress.of(directory.resolve("socket"));
    try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      server.bind(address);
      SocketChannel peer = SocketChannel.open(address);
      return new Wire(TargetKind.SOCKET, Descriptor.found(() -> server.accept(), "socket:"), peer);
    }
  }

  /** The backend's end. */
  public Target target() {
    return Target.builder("fd:" + end.number(), kind).descriptor(end.number()).build();
  }

  /** The backend's end, as the caller has it. */
  public Descriptor end() {
    return end;
  }

  /** The other end. */
  public ByteChannel peer() {
    return peer;
  }

  /** Reads from the other end until there are so many bytes or no more. */
  public byte[] receive(int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining() && peer.read(buffer) >= 0) {}
    return Bytes.of(buffer.flip());
  }

  /** Writes all of some bytes to the other end. */
  public void send(byte... bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      peer.write(buffer);
    }
  }

  @Override
  public void close() throws IOException {
    end.close();
    peer.close();
  }
}
