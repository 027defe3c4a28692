/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.error.GuestException;
import org.stillframe.system.Errno;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;

/** Whoever cannot connect is told what helps against that. */
class SystemEndpointsTest {
  private static final String TOO_LONG = "a socket's path has at most 107 bytes";

  private final SystemCalls system = new SystemCalls();
  private final SystemEndpoints endpoints = new SystemEndpoints(system, new Sockets(system));

  @TempDir Path directory;

  private void connecting(Path path, String why, String remedy) {
    told(
        assertThrows(GuestException.class, () -> endpoints.send(Endpoint.unix(path))), why, remedy);
  }

  private void listening(Path path, String why, String remedy) {
    told(
        assertThrows(GuestException.class, () -> endpoints.receive(Endpoint.unix(path))),
        why,
        remedy);
  }

  private static void told(GuestException e, String why, String remedy) {
    assertTrue(e.why().contains(why), e.getMessage());
    assertTrue(e.remedy().contains(remedy), e.getMessage());
  }

  @Test
  void nobodyListens() throws Exception {
    connecting(directory.resolve("none"), "ENOENT", "start the receiver first");
    Path file = Files.createFile(directory.resolve("file"));
    connecting(file, "ECONNREFUSED", "start the receiver first");
    connecting(file.resolve("below"), "ENOTDIR", "name the socket at which the receiver listens");
  }

  @Test
  void aPathIsTooLong() {
    Path path = directory.resolve("x".repeat(108));
    connecting(path, "ENAMETOOLONG", TOO_LONG);
    listening(path, "ENAMETOOLONG", TOO_LONG);
  }

  @Test
  void aPathIsTaken() throws Exception {
    listening(Files.createFile(directory.resolve("file")), "EADDRINUSE", "choose a free path");
    listening(directory.resolve("no/such"), "ENOENT", "choose a path that can be written to");
  }

  /** Root may do all. */
  @Test
  void somebodyMayNot() {
    for (int errno : new int[] {Errno.EACCES, Errno.EPERM}) {
      String remedy = SystemEndpoints.remedy(errno, true);
      assertTrue(remedy.contains("run as the user that the receiver runs as"), remedy);
      assertTrue(SystemEndpoints.remedy(errno, false).contains("can be written to"));
    }
  }
}
