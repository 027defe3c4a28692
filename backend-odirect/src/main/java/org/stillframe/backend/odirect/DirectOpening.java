/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import java.io.IOException;
import java.util.Set;
import jnr.constants.platform.Errno;
import jnr.constants.platform.OpenFlags;
import org.stillframe.spi.SystemCallException;

/** Opens what a caller's descriptor stands for with O_DIRECT. Thread-safe. */
final class DirectOpening {
  /** No right to open it again, or no /proc to do it by. */
  private static final Set<Errno> NOT_REOPENED = Set.of(Errno.EACCES, Errno.EPERM, Errno.ENOENT);

  private final OdirectNative natives;
  private final ToggledDescriptions toggled;

  DirectOpening(OdirectNative natives) {
    this.natives = natives;
    toggled = new ToggledDescriptions(natives);
  }

  /** What a file system answers to O_DIRECT. */
  enum Answer {
    TAKEN,
    /** The descriptor could not be opened again, so that it was not asked. */
    NOT_ASKED
  }

  /**
   * Opens a file again with O_DIRECT, and closes it.
   *
   * @throws SystemCallException if the file system does not take it
   */
  Answer ask(int fd) throws SystemCallException {
    int access = natives.flags(fd) & OdirectNative.ACCESS_MODE;
    // A device that was open for writing is looked at again by udev when it is closed.
    int least = access == writeOnly() ? access : readOnly();
    int direct = natives.reopen(fd, least | KernelNumbers.OWN.direct());
    if (direct < 0) {
      requireRefusal(-direct);
      return Answer.NOT_ASKED;
    }
    natives.close(direct);
    return Answer.TAKEN;
  }

  /**
   * Opens a file again with O_DIRECT; where that is not permitted, switches the flag on in the
   * caller's own descriptor.
   *
   * @throws IOException if the descriptor does not allow as much, or the system refuses
   */
  DirectAccess open(int fd, boolean writable) throws IOException {
    int flags = natives.flags(fd);
    int access = flags & OdirectNative.ACCESS_MODE;
    if (access == (writable ? readOnly() : writeOnly())) {
      String use = writable ? "writing" : "reading";
      throw new IOException("the descriptor is not open for " + use);
    }
    // A caller who has every write made durable at once has it so here.
    int granted = (writable ? access : readOnly()) | flags & OpenFlags.O_SYNC.intValue();
    int direct = natives.reopen(fd, granted | KernelNumbers.OWN.direct());
    if (direct < 0) {
      requireRefusal(-direct);
      return toggled.enter(fd);
    }
    return writable ? withEdges(fd, granted, direct) : ReopenedAccess.forReading(natives, direct);
  }

  private DirectAccess withEdges(int fd, int granted, int direct) throws SystemCallException {
    int edges = natives.reopen(fd, granted);
    if (edges < 0) {
      natives.close(direct);
      throw OdirectNative.failure("open", -edges);
    }
    return ReopenedAccess.forWriting(natives, direct, edges);
  }

  private static void requireRefusal(int errno) throws SystemCallException {
    if (!NOT_REOPENED.contains(Errno.valueOf(errno))) {
      throw OdirectNative.failure("open", errno, ", with O_DIRECT");
    }
  }

  private static int readOnly() {
    return OpenFlags.O_RDONLY.intValue();
  }

  private static int writeOnly() {
    return OpenFlags.O_WRONLY.intValue();
  }
}
