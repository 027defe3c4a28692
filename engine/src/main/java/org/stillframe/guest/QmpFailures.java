/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.Errno;

/** What can go wrong between us and a monitor, each with its words. */
final class QmpFailures {
  private static final String OTHER_CLIENT =
      "another client is probably connected: a QMP socket serves one at a time; disconnect it, or"
          + " give QEMU a second -qmp socket";

  private final Qmp address;

  QmpFailures(Qmp address) {
    this.address = address;
  }

  /** connect(2) has failed. */
  GuestException unreachable(SystemCallException e) {
    return connecting(e.getMessage(), remedy(e.errno()), e);
  }

  private String remedy(int errno) {
    if (errno == Errno.ENOENT) {
      return "there is no such socket: check the path, and that QEMU runs with -qmp unix:PATH";
    }
    if (errno == Errno.ECONNREFUSED) {
      return Files.isRegularFile(address.path()) || Files.isDirectory(address.path())
          ? "this is not a socket: name the one that QEMU was given with -qmp unix:PATH"
          : "nobody listens there: its QEMU has ended";
    }
    if (errno == Errno.EACCES || errno == Errno.EPERM) {
      return "run as the user that QEMU runs as, or as root";
    }
    if (errno == Errno.ENAMETOOLONG) {
      return "a socket's path has at most 107 bytes: use a shorter one, or a symbolic link";
    }
    if (errno == Errno.EPROTOTYPE) {
      return "this socket is no QMP monitor: name the one that QEMU was given with -qmp";
    }
    return "";
  }

  /** The monitor's queue of clients stayed full. */
  GuestException queueFull(Duration timeout) {
    return connecting("it has accepted nobody for " + seconds(timeout), OTHER_CLIENT, null);
  }

  /** Connected, but nothing came. */
  GuestException silent(Duration timeout) {
    return connecting("no greeting within " + seconds(timeout), OTHER_CLIENT, null);
  }

  /** What came first was no QMP greeting. */
  GuestException notQmp(String line) {
    return connecting(
        "this is not a QMP monitor: it greets with \"" + QmpJson.beginning(line) + "\"",
        "name the socket that QEMU was given with -qmp unix:PATH; one of -monitor speaks another"
            + " language",
        null);
  }

  private GuestException connecting(String why, String remedy, Exception cause) {
    return new GuestException(
        ErrorCode.GUEST, "cannot connect to QEMU at " + address, why, remedy, cause);
  }

  /** A command was sent, and no answer came. */
  QmpSilence unanswered(String command, Duration timeout) {
    return new QmpSilence(address, command, "nothing came within " + seconds(timeout));
  }

  /** The connection has ended, or what came over it cannot be trusted. */
  GuestException lost(String doing, IOException e) {
    return new GuestException(
        ErrorCode.GUEST,
        "lost QEMU at " + address + " during " + doing,
        e.getMessage(),
        "see QEMU's own log for why, if it has ended",
        e);
  }

  /** Our thread was interrupted. */
  CancelledException interrupted(String doing) {
    return new CancelledException(
        ErrorCode.CANCELLED,
        doing + " of QEMU at " + address + " was not waited for",
        "the thread was interrupted",
        "");
  }

  private static String seconds(Duration time) {
    return time.toMillis() / 1000.0 + " s";
  }
}
