/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.file.Files;
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
 * everybody on the host connect. Used by one thread.
 */
final class SocketDirectory implements AutoCloseable {
  private static final String OWNER = "unix:uid";

  private final Path directory;
  private final int user;

  private SocketDirectory(Path directory, int user) {
    this.directory = directory;
    this.user = user;
  }

  /**
   * Makes one that a QEMU can use.
   *
   * @throws RequestException UNSUPPORTED if QEMU belongs to another user and this process may not
   *     give the directory to it
   */
  static SocketDirectory of(Guest guest) throws StillframeException {
    Path directory;
    try {
      directory =
          Files.createTempDirectory(
              "stillframe-",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } catch (IOException e) {
      throw new GuestException(
          ErrorCode.GUEST,
          "directory for the socket of " + guest.address(),
          e.toString(),
          "point java.io.tmpdir to a directory that can be written to",
          e);
    }
    SocketDirectory made = new SocketDirectory(directory, guest.peer().user());
    try {
      made.give(directory);
      return made;
    } catch (IOException e) {
      made.removeAfter(e);
      throw new RequestException(
          ErrorCode.UNSUPPORTED,
          "socket for QEMU at " + guest.address(),
          "QEMU belongs to the user "
              + guest.peer().user()
              + ", which cannot be let in: "
              + e.getMessage(),
          "run as that user or as root, or use another route",
          e);
    }
  }

  /** Lets QEMU's user at a file that is ours. */
  private void give(Path file) throws IOException {
    if ((int) Files.getAttribute(file, OWNER) != user) {
      Files.setAttribute(file, OWNER, user);
    }
  }

  /** Where the socket is, or is to be. */
  Path socket() {
    return directory.resolve("multifd");
  }

  /**
   * Listens at the path.
   *
   * @param connections how many there will be
   */
  Descriptor listen(Sockets sockets, int connections) throws SystemCallException, IOException {
    Descriptor listener = sockets.listen(socket(), connections);
    try {
      give(socket());
      return listener;
    } catch (IOException e) {
      listener.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(socket());
    Files.deleteIfExists(directory);
  }

  private void removeAfter(IOException failure) {
    try {
      close();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }
}
