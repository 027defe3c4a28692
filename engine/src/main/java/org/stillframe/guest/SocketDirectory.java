/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Sockets;

/**
 * A directory for the socket of one multifd migration, which needs an address that can be connected
 * to several times. Nobody enters it but QEMU's user, and root. An abstract address would let
 * everybody on the host connect. QEMU's user gets it last: what is done by root in a directory of
 * somebody else may be led elsewhere by a link. Used by one thread.
 */
final class SocketDirectory implements AutoCloseable {
  private static final String OWNER = "unix:uid";

  private final Path directory;
  private final Guest guest;

  private SocketDirectory(Path directory, Guest guest) {
    this.directory = directory;
    this.guest = guest;
  }

  /** Makes one, which is ours. */
  static SocketDirectory of(Guest guest) throws GuestException {
    try {
      Path directory =
          Files.createTempDirectory(
              "stillframe-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      return new SocketDirectory(directory, guest);
    } catch (IOException e) {
      throw new GuestException(
          ErrorCode.GUEST,
          "directory for the socket of " + guest.address(),
          e.toString(),
          "point java.io.tmpdir to a directory that can be written to",
          e);
    }
  }

  /** Lets QEMU's user at a file that is ours. */
  private void give(Path file) throws RequestException {
    int user = guest.peer().user();
    try {
      if ((int) Files.getAttribute(file, OWNER, LinkOption.NOFOLLOW_LINKS) != user) {
        Files.setAttribute(file, OWNER, user, LinkOption.NOFOLLOW_LINKS);
      }
    } catch (IOException e) {
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          "socket for QEMU at " + guest.address(),
          "QEMU belongs to the user " + user + ", which cannot be let in: " + e.getMessage(),
          "run as that user or as root, or use another route",
          e);
    }
  }

  /**
   * Lets QEMU make the socket.
   *
   * @return where it is to be
   * @throws RequestException UNSUPPORTED if QEMU belongs to another user and this process may not
   *     give the directory to it
   */
  Path lend() throws RequestException {
    give(directory);
    return socket();
  }

  /** Where the socket is, or is to be. */
  Path socket() {
    return directory.resolve("multifd");
  }

  /**
   * Listens at the path, and lets QEMU in.
   *
   * @param connections how many there will be
   * @throws RequestException as {@link #lend} does
   */
  Descriptor listen(Sockets sockets, int connections) throws StillframeException {
    Descriptor listener;
    try {
      listener = sockets.listen(socket(), connections);
    } catch (SystemCallException e) {
      throw new GuestException(
          ErrorCode.GUEST,
          "socket for QEMU at " + guest.address(),
          socket() + ": " + e.getMessage(),
          "point java.io.tmpdir to a directory with a short path, in which sockets can be made",
          e);
    }
    boolean given = false;
    try {
      give(socket());
      give(directory);
      given = true;
      return listener;
    } finally {
      if (!given) {
        close(listener);
      }
    }
  }

  private static void close(Descriptor listener) {
    try {
      listener.close();
    } catch (SystemCallException e) {
      // What keeps QEMU from it is told, and the descriptor is free in any case.
      return;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(socket());
    Files.deleteIfExists(directory);
  }
}
