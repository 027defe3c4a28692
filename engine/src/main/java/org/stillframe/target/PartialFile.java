/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.target;

import java.nio.file.Path;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.system.Descriptor;
import org.stillframe.system.Errno;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

/**
 * The file that an image is made in.
 *
 * <p>It is locked (flock) as long as it is in use. One that exists and is not locked was left
 * behind by a process that died; it is removed.
 */
final class PartialFile {
  private static final int OWNER_ONLY = 0600;
  private static final int ATTEMPTS = 16;

  private PartialFile() {}

  /** Makes it, and locks it. */
  static Descriptor create(SystemCalls system, Path partial)
      throws SystemCallException, RequestException {
    int flags = OpenFlags.READ_WRITE | OpenFlags.NO_FOLLOW | OpenFlags.NON_BLOCKING;
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Descriptor made =
            system.open(partial, flags | OpenFlags.CREATE | OpenFlags.EXCLUSIVE, OWNER_ONLY);
        if (lock(system, partial, made)) {
          return made;
        }
      } catch (SystemCallException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
        removeLeftOver(system, partial, flags);
      }
    }
    throw busy(partial);
  }

  /** Whether the file that was just made is ours: another save may have taken it for left over. */
  private static boolean lock(SystemCalls system, Path partial, Descriptor made)
      throws SystemCallException, RequestException {
    boolean locked;
    boolean ours;
    try {
      locked = system.tryLock(made.number());
      ours = locked && system.isFileOfName(made.number(), partial);
    } catch (SystemCallException e) {
      throw abandon(system, partial, made, e);
    }
    if (!ours) {
      made.close();
    }
    if (!locked) {
      throw busy(partial);
    }
    return ours;
  }

  /** Removes a partial file that nobody uses. It is not used again: others may have it open. */
  private static void removeLeftOver(SystemCalls system, Path partial, int flags)
      throws SystemCallException, RequestException {
    Descriptor opened;
    try {
      opened = system.open(partial, flags, 0);
    } catch (SystemCallException e) {
      if (e.errno() == Errno.ENOENT) {
        return;
      }
      throw taken(partial, e);
    }
    try (Descriptor leftOver = opened) {
      if (!system.isOwnPrivateFile(leftOver.number())) {
        throw taken(partial, null);
      }
      if (!system.tryLock(leftOver.number())) {
        throw busy(partial);
      }
      if (system.isFileOfName(leftOver.number(), partial)) {
        system.unlink(partial);
      }
    }
  }

  /** Takes back what was begun. */
  static SystemCallException abandon(
      SystemCalls system, Path partial, Descriptor made, SystemCallException failure) {
    try (made) {
      system.unlink(partial);
    } catch (SystemCallException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private static RequestException taken(Path partial, SystemCallException cause) {
    return new RequestException(
        ErrorCode.TARGET_EXISTS,
        partial.toString(),
        "this name is needed for the image in the making, and is taken by something else"
            + (cause == null ? "" : " (" + cause.getMessage() + ")"),
        "move it away",
        cause);
  }

  private static RequestException busy(Path partial) {
    return new RequestException(
        ErrorCode.TARGET_EXISTS,
        partial.toString(),
        "another save to the same target is under way",
        "wait for it, or choose another name");
  }
}
