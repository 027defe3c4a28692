/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.stillframe.spi.SystemCallException;

/** UNIX stream sockets: pairs, connections and listeners. Thread-safe. */
public final class Sockets {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_NONBLOCK = 0x800;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_PEEK = 0x02;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUF = 7;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_PEERCRED = 17;

  /** The place of the effective user in the line of /proc/PID/status, behind its name. */
  private static final int EFFECTIVE = 2;

  /** sun_path of unix(7) without its closing NUL, in bytes. */
  private static final int PATH_LIMIT = 107;

  private final SystemCalls system;

  /** Makes sockets with these system calls. */
  public Sockets(SystemCalls system) {
    this.system = system;
  }

  /** Two connected sockets. The caller closes both. */
  public Descriptor[] pair() throws SystemCallException {
    int[] fds = new int[2];
    if (system.socketpair(fds) != 0) {
      throw system.failure("socketpair");
    }
    return new Descriptor[] {
      new Descriptor(system, fds[0], true), new Descriptor(system, fds[1], true)
    };
  }

  /**
   * Connects to a listening socket.
   *
   * @return the connection, or null if the listener's queue is full just now (EAGAIN)
   */
  public Descriptor tryConnect(Path path) throws SystemCallException {
    ByteBuffer address = address("connect", path);
    Descriptor socket = socket();
    int connected = system.libc().connect(socket.number(), address, address.limit());
    Reference.reachabilityFence(address);
    if (connected == 0) {
      return socket;
    }
    SystemCallException failure = system.failure("connect");
    socket.close();
    if (failure.errno() == Errno.EAGAIN) {
      return null;
    }
    throw failure;
  }

  /** Binds a new path and listens on it for one connection. The caller unlinks the path. */
  public Descriptor listen(Path path) throws SystemCallException {
    return listen(path, 1);
  }

  /**
   * Binds a new path and listens on it. The caller unlinks the path.
   *
   * @param connections how many may wait to be accepted
   */
  public Descriptor listen(Path path, int connections) throws SystemCallException {
    ByteBuffer address = address("bind", path);
    Descriptor socket = socket();
    int bound = system.libc().bind(socket.number(), address, address.limit());
    Reference.reachabilityFence(address);
    if (bound != 0) {
      SystemCallException failure = system.failure("bind");
      socket.close();
      throw failure;
    }
    if (system.libc().listen(socket.number(), connections) != 0) {
      SystemCallException failure = system.failure("listen");
      socket.close();
      throw failure;
    }
    return socket;
  }

  /**
   * Accepts a connection.
   *
   * @return it, or null if none came within the time
   */
  public Descriptor accept(Descriptor listener, int timeoutMillis) throws SystemCallException {
    if (!system.await(listener.number(), SystemCalls.READABLE, timeoutMillis)) {
      return null;
    }
    int fd = system.libc().accept4(listener.number(), null, null, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
      return new Descriptor(system, fd, true);
    }
    SystemCallException failure = system.failure("accept4");
    if (failure.errno() == Errno.EAGAIN
        || failure.errno() == Errno.ECONNABORTED
        || failure.errno() == Errno.EINTR) {
      return null;
    }
    throw failure;
  }

  /**
   * Looks at what a socket will give next, without taking it, waiting no longer than the time.
   *
   * @param buffer direct; its position moves
   * @return bytes seen, which may be fewer than there is room for; 0 if none came in time, -1 at
   *     the end
   */
  public int peek(Descriptor socket, ByteBuffer buffer, int timeoutMillis)
      throws SystemCallException {
    if (!system.await(socket.number(), SystemCalls.READABLE, timeoutMillis)) {
      return 0;
    }
    long count =
        system.libc().recv(socket.number(), buffer, buffer.remaining(), MSG_DONTWAIT | MSG_PEEK);
    if (count < 0) {
      SystemCallException failure = system.failure("recv");
      if (failure.errno() == Errno.EAGAIN || failure.errno() == Errno.EINTR) {
        return 0;
      }
      throw failure;
    }
    buffer.position(buffer.position() + (int) count);
    return count == 0 ? -1 : (int) count;
  }

  /**
   * Asks for a larger send buffer, so that the sender is woken less often. What the system grants
   * is good enough: a smaller one changes speed alone.
   */
  public void widen(Descriptor socket, int bytes) throws SystemCallException {
    ByteBuffer value = SystemCalls.buffer(Integer.BYTES).putInt(0, bytes);
    Libc libc = system.libc();
    int fd = socket.number();
    if (libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, value, Integer.BYTES) != 0) {
      libc.setsockopt(fd, SOL_SOCKET, SO_SNDBUF, value, Integer.BYTES);
    }
    Reference.reachabilityFence(value);
  }

  /** Who is at the other end. */
  public Peer peer(Descriptor socket) throws SystemCallException {
    ByteBuffer credentials = SystemCalls.buffer(3 * Integer.BYTES);
    ByteBuffer length = SystemCalls.buffer(Integer.BYTES).putInt(0, credentials.capacity());
    int result =
        system.libc().getsockopt(socket.number(), SOL_SOCKET, SO_PEERCRED, credentials, length);
    Reference.reachabilityFence(length);
    Reference.reachabilityFence(credentials);
    if (result != 0) {
      throw system.failure("getsockopt");
    }
    int process = credentials.getInt(0);
    int then = credentials.getInt(Integer.BYTES);
    return Peer.of(process, then, user(process).orElse(then));
  }

  private static Optional<Integer> user(int process) {
    // Other lines hold names, of any bytes.
    try (Stream<String> lines =
        Files.lines(Path.of("/proc/" + process + "/status"), StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.startsWith("Uid:"))
          .map(line -> Integer.parseUnsignedInt(line.split("\\s+")[EFFECTIVE]))
          .findFirst();
    } catch (IOException | UncheckedIOException e) {
      return Optional.empty();
    }
  }

  private Descriptor socket() throws SystemCallException {
    int fd = system.libc().socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
      throw system.failure("socket");
    }
    return new Descriptor(system, fd, true);
  }

  private static ByteBuffer address(String call, Path path) throws SystemCallException {
    byte[] bytes = path.toString().getBytes(StandardCharsets.UTF_8);
    if (bytes.length > PATH_LIMIT) {
      throw SystemCalls.failure(call, Errno.ENAMETOOLONG);
    }
    ByteBuffer address = SystemCalls.buffer(Short.BYTES + bytes.length + 1);
    return address.putShort((short) AF_UNIX).put(bytes).put((byte) 0).flip();
  }
}
