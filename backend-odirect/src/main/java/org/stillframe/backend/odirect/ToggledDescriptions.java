/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.StampedLock;
import jnr.constants.platform.OpenFlags;
import org.stillframe.spi.SystemCallException;

/**
 * The open file descriptions of callers on which O_DIRECT is switched on. Several descriptors may
 * share one, by dup(2) or because one was opened twice here: the flags are put back when the last
 * is closed. Thread-safe.
 */
final class ToggledDescriptions {
  private final OdirectNative natives;
  private final List<Description> live = new ArrayList<>();

  ToggledDescriptions(OdirectNative natives) {
    this.natives = natives;
  }

  /** One open file description. */
  final class Description {
    private final StampedLock lock = new StampedLock();
    private final int found;
    private final List<Integer> users = new ArrayList<>();

    private Description(int found) {
      this.found = found;
    }

    /** Held for writing while the flag is off, and for reading while it must be on. */
    StampedLock lock() {
      return lock;
    }

    /** Switches O_DIRECT on. */
    void direct(int fd) throws SystemCallException {
      require(natives.setFlags(fd, positional() | KernelNumbers.OWN.direct()));
    }

    /** Switches O_DIRECT off. */
    void buffered(int fd) throws SystemCallException {
      require(natives.setFlags(fd, positional() & ~KernelNumbers.OWN.direct()));
    }

    /** With O_APPEND, pwrite(2) of Linux appends, whatever the offset. */
    private int positional() {
      return found & ~OpenFlags.O_APPEND.intValue();
    }

    private boolean isThatOf(int fd) throws SystemCallException {
      long stamp = lock.writeLock();
      try {
        int own = users.get(0);
        buffered(own);
        boolean follows = (natives.flags(fd) & KernelNumbers.OWN.direct()) == 0;
        direct(own);
        return follows;
      } finally {
        lock.unlockWrite(stamp);
      }
    }
  }

  /**
   * Switches O_DIRECT on.
   *
   * @throws SystemCallException if the system refuses; the flags are as they were then
   */
  synchronized ToggledAccess enter(int fd) throws SystemCallException {
    int found = natives.flags(fd);
    Description description = (found & KernelNumbers.OWN.direct()) == 0 ? null : shared(fd);
    if (description == null) {
      description = new Description(found);
      description.direct(fd);
      live.add(description);
    }
    description.users.add(fd);
    return new ToggledAccess(natives, fd, description, this);
  }

  /** The description whose flags change with those of a descriptor; null if there is none. */
  private Description shared(int fd) throws SystemCallException {
    for (Description description : live) {
      if (description.isThatOf(fd)) {
        return description;
      }
    }
    return null;
  }

  /** Puts the flags back if nobody else uses the description. */
  synchronized void leave(int fd, Description description) throws SystemCallException {
    description.users.remove(Integer.valueOf(fd));
    if (description.users.isEmpty()) {
      live.remove(description);
      require(natives.setFlags(fd, description.found));
    }
  }

  private static void require(int answer) throws SystemCallException {
    if (answer < 0) {
      throw OdirectNative.failure("fcntl", -answer, ", of F_SETFL with O_DIRECT");
    }
  }
}
