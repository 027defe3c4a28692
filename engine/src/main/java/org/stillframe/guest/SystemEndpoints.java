/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.file.Path;
import org.stillframe.channel.Supervision;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.TargetKind;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Errno;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** Endpoints of this host. */
public final class SystemEndpoints implements Endpoints {
  private static final int SLICE_MILLIS = 50;

  private final SystemCalls system;
  private final Sockets sockets;

  /** Opens endpoints with these. */
  public SystemEndpoints(SystemCalls system, Sockets sockets) {
    this.system = system;
    this.sockets = sockets;
  }

  @Override
  public Receiver receive(Endpoint endpoint) throws StillframeException {
    if (endpoint.path() == null) {
      return new Passed(passed(endpoint));
    }
    try {
      return new Listening(endpoint, sockets.listen(endpoint.path()));
    } catch (SystemCallException e) {
      throw failure(endpoint, e, remedy(e.errno(), false));
    }
  }

  @Override
  public Connection send(Endpoint endpoint) throws StillframeException {
    if (endpoint.path() == null) {
      return passed(endpoint);
    }
    try {
      Descriptor socket = sockets.tryConnect(endpoint.path());
      if (socket == null) {
        throw failure(
            endpoint,
            SystemCalls.failure("connect", Errno.EAGAIN),
            "somebody else is connecting to it; try again");
      }
      return new Connection(system, socket, TargetKind.SOCKET);
    } catch (SystemCallException e) {
      throw failure(endpoint, e, remedy(e.errno(), true));
    }
  }

  static String remedy(int errno, boolean connecting) {
    if (errno == Errno.ENAMETOOLONG) {
      return "a socket's path has at most 107 bytes: use a shorter one, or a symbolic link to its"
          + " directory";
    }
    if (!connecting) {
      return errno == Errno.EADDRINUSE
          ? "choose a free path, or remove the socket that was left there"
          : "choose a path that can be written to";
    }
    if (errno == Errno.EACCES || errno == Errno.EPERM) {
      return "run as the user that the receiver runs as, or as root";
    }
    return errno == Errno.ENOENT || errno == Errno.ECONNREFUSED
        ? "start the receiver first, for example with -incoming"
        : "name the socket at which the receiver listens";
  }

  private Connection passed(Endpoint endpoint) throws StillframeException {
    TargetKind kind;
    try {
      kind = system.facts(endpoint.number()).kind();
    } catch (SystemCallException e) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          endpoint.toString(),
          e.getMessage(),
          "pass a descriptor that is open in this process",
          e);
    }
    if (kind != TargetKind.PIPE && kind != TargetKind.SOCKET) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          endpoint.toString(),
          "it is a " + kind.label() + " and carries no stream from or to a QEMU",
          "pass a pipe or a socket");
    }
    return new Connection(system, system.borrowed(endpoint.number()), kind);
  }

  private static GuestException failure(Endpoint endpoint, SystemCallException e, String remedy) {
    return new GuestException(ErrorCode.GUEST, endpoint.toString(), e.getMessage(), remedy, e);
  }

  private record Passed(Connection connection) implements Receiver {
    @Override
    public Connection await(Supervision supervision) {
      return connection;
    }

    @Override
    public void close() {}
  }

  private final class Listening implements Receiver {
    private final Endpoint endpoint;
    private final Descriptor listener;
    private boolean closed;

    Listening(Endpoint endpoint, Descriptor listener) {
      this.endpoint = endpoint;
      this.listener = listener;
    }

    @Override
    public Connection await(Supervision supervision) throws StillframeException {
      try {
        Descriptor socket = null;
        while (socket == null) {
          supervision.check();
          socket = sockets.accept(listener, SLICE_MILLIS);
        }
        return new Connection(system, socket, TargetKind.SOCKET);
      } catch (SystemCallException e) {
        throw failure(endpoint, e, "");
      }
    }

    @Override
    public void close() throws StillframeException {
      if (closed) {
        return;
      }
      closed = true;
      Path path = endpoint.path();
      try (listener) {
        system.unlink(path);
      } catch (SystemCallException e) {
        if (e.errno() == Errno.ENOENT) {
          // Somebody has removed it already.
          return;
        }
        throw failure(endpoint, e, "remove the socket " + path);
      }
    }
  }
}
