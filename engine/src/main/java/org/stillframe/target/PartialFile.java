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
 * The file in which an image is made. It is locked (flock) as long as it is in use. One that exists
 * and is not locked was left behind by a process that died; it is removed.
 */
final class PartialFile {
  /** What its name has behind that of the image. */
  static final String SUFFIX = ".partial";

  private static final int OWNER_ONLY = 0600;
  private static final int ATTEMPTS = 16;
  private static final int FLAGS =
      OpenFlags.READ_WRITE | OpenFlags.NO_FOLLOW | OpenFlags.NON_BLOCKING;

  private final SystemCalls system;
  private final Path image;
  private final Path path;

  /** The file for an image, which need not exist. */
  PartialFile(SystemCalls system, Path image) {
    this.system = system;
    this.image = image;
    path = image.resolveSibling(image.getFileName() + SUFFIX);
  }

  Path path() {
    return path;
  }

  /** Makes it, and locks it. */
  Descriptor create() throws SystemCallException, RequestException {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        Descriptor made =
            system.open(path, FLAGS | OpenFlags.CREATE | OpenFlags.EXCLUSIVE, OWNER_ONLY);
        if (lock(made)) {
          return made;
        }
      } catch (SystemCallException e) {
        if (e.errno() != Errno.EEXIST) {
          throw e;
        }
        removeLeftOver();
      }
    }
    throw busy();
  }

  /** Whether the file that was just made is ours: another save may have taken it for left over. */
  private boolean lock(Descriptor made) throws SystemCallException, RequestException {
    boolean locked;
    boolean ours;
    try {
      locked = system.tryLock(made.number());
      ours = locked && system.isFileOfName(made.number(), path);
    } catch (SystemCallException e) {
      throw abandon(made, e);
    }
    if (!ours) {
      made.close();
    }
    if (!locked) {
      throw busy();
    }
    return ours;
  }

  /** Removes one that nobody uses. It is not used again: others may have it open. */
  private void removeLeftOver() throws SystemCallException, RequestException {
    Descriptor opened;
    try {
      opened = system.open(path, FLAGS, 0);
    } catch (SystemCallException e) {
      if (e.errno() == Errno.ENOENT) {
        return;
      }
      throw taken(e);
    }
    try (Descriptor leftOver = opened) {
      // Who died between giving an image its name and taking the other one has left it with both.
      if (!system.isOwnPrivateFile(leftOver.number())
          && !system.isFileOfName(leftOver.number(), image)) {
        throw taken(null);
      }
      if (!system.tryLock(leftOver.number())) {
        throw busy();
      }
      if (system.isFileOfName(leftOver.number(), path)) {
        system.unlink(path);
      }
    }
  }

  /** Takes back what was begun. */
  SystemCallException abandon(Descriptor made, SystemCallException failure) {
    try (made) {
      system.unlink(path);
    } catch (SystemCallException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  private RequestException taken(SystemCallException cause) {
    return new RequestException(
        ErrorCode.TARGET_EXISTS,
        path.toString(),
        "this name is needed for the image in the making, and is taken by something else"
            + (cause == null ? "" : " (" + cause.getMessage() + ")"),
        "move it away",
        cause);
  }

  private RequestException busy() {
    return new RequestException(
        ErrorCode.TARGET_EXISTS,
        path.toString(),
        "another save to the same target is under way",
        "wait for it, or choose another name");
  }
}
