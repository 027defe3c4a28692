/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.error.GuestException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Peer;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

class SocketDirectoryTest {
  private final Sockets sockets = new Sockets(new SystemCalls());

  @TempDir Path home;

  @Test
  void isForOneUserAloneAndLeavesNothing() throws Exception {
    int user = (int) Files.getAttribute(home, "unix:uid");
    // As root, that of somebody else.
    int other = user == 0 ? 12345 : user;
    Guest guest = mock(Guest.class);
    when(guest.peer()).thenReturn(new Peer(1, other));
    Path socket;
    try (SocketDirectory directory = SocketDirectory.of(guest)) {
      socket = directory.socket();
      assertEquals(
          "rwx------",
          PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.getParent())));
      assertEquals(user, Files.getAttribute(socket.getParent(), "unix:uid"), "not yet QEMU's");
      try (Descriptor listener = directory.listen(sockets, 3);
          Descriptor client = sockets.tryConnect(socket)) {
        assertEquals(other, Files.getAttribute(socket, "unix:uid"));
        assertEquals(other, Files.getAttribute(socket.getParent(), "unix:uid"));
        assertTrue(client.number() > 0);
      }
    }
    assertFalse(Files.exists(socket.getParent(), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void aPathThatQemuCanUse() throws Exception {
    Guest guest = mock(Guest.class);
    when(guest.peer()).thenReturn(new Peer(1, (int) Files.getAttribute(home, "unix:uid")));
    try (SocketDirectory directory = SocketDirectory.of(guest)) {
      // 108 bytes are all that the address of a socket holds.
      assertTrue(directory.socket().toString().length() < 108, directory.socket().toString());
    }
  }

  @Test
  void isLentForQemuToListen() throws Exception {
    int user = (int) Files.getAttribute(home, "unix:uid");
    int other = user == 0 ? 12345 : user;
    Guest guest = mock(Guest.class);
    when(guest.peer()).thenReturn(new Peer(1, other));
    try (SocketDirectory directory = SocketDirectory.of(guest)) {
      Path socket = directory.lend();
      assertEquals(directory.socket(), socket);
      assertEquals(other, Files.getAttribute(socket.getParent(), "unix:uid"));
    }
  }

  @Test
  void whereNoSocketCanBeMadeIsToldWithThePath() throws Exception {
    Guest guest = mock(Guest.class);
    when(guest.peer()).thenReturn(new Peer(1, (int) Files.getAttribute(home, "unix:uid")));
    try (SocketDirectory directory = SocketDirectory.of(guest)) {
      Files.createFile(directory.socket());
      GuestException e = assertThrows(GuestException.class, () -> directory.listen(sockets, 3));
      assertEquals(directory.socket() + ": bind: Address already in use (EADDRINUSE)", e.why());
    }
  }
}
