/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

import java.io.IOException;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;

/**
 * The descriptors that requests go through: the main one, and one through the page cache. They are
 * the caller's own where its flags allow, and otherwise the same file opened once more, so that the
 * caller's flags, which others may share, stay as they are. Immutable.
 */
final class OpenedFiles {
  /** The index of the descriptor for all that is aligned. */
  static final int MAIN = 0;

  /** The index of the descriptor without O_DIRECT; it is the same where nothing is direct. */
  static final int CACHED = 1;

  // <fcntl.h>
  private static final int O_ACCMODE = 3;
  private static final int O_RDONLY = 0;
  private static final int O_WRONLY = 1;
  private static final int O_RDWR = 2;
  private static final int O_APPEND = 02000;

  /** With the bit of O_DSYNC in it. */
  private static final int O_SYNC = 04010000;

  private final SystemCalls calls;
  private final int given;
  private final int[] descriptors;

  private OpenedFiles(SystemCalls calls, int given, int main, int cached) {
    this.calls = calls;
    this.given = given;
    descriptors = new int[] {main, cached};
  }

  /**
   * Opens what is needed.
   *
   * @throws IOException if the descriptor does not allow as much, or the system refuses; nothing is
   *     left open then
   */
  static OpenedFiles of(SystemCalls calls, Target target, OpenMode mode, boolean direct)
      throws IOException {
    int given = target.descriptor();
    int flags = calls.flagsOf(given);
    if (flags < 0) {
      throw calls.failure("fcntl", flags);
    }
    // Never more than the caller's descriptor allows, whatever the path would.
    int access = flags & O_ACCMODE;
    if (access == (mode == OpenMode.READ ? O_WRONLY : O_RDONLY)) {
      String use = mode == OpenMode.READ ? "reading" : "writing";
      throw new IOException("the descriptor is not open for " + use);
    }
    if (mode == OpenMode.READ) {
      access = O_RDONLY;
    }
    // A caller who has every write made durable at once has it so here.
    int again = access | flags & O_SYNC;
    int cached = given;
    if ((flags & (calls.directFlag() | O_APPEND)) != 0) {
      cached = reopen(calls, given, again);
    }
    if (!direct) {
      return new OpenedFiles(calls, given, cached, cached);
    }
    try {
      int main = reopen(calls, given, again | calls.directFlag());
      return new OpenedFiles(calls, given, main, cached);
    } catch (SystemCallException e) {
      if (cached != given) {
        calls.close(cached);
      }
      throw new IOException(
          target
              + " cannot be opened once more with O_DIRECT: "
              + e.getMessage()
              + (e.errno() == SystemCalls.EINVAL
                  ? "; its file system has none, so do without bypass-cache"
                  : "; the backend odirect can set it on the descriptor that is open"),
          e);
    }
  }

  private static int reopen(SystemCalls calls, int fd, int flags) throws SystemCallException {
    int opened = calls.open("/proc/self/fd/" + fd, flags);
    if (opened < 0) {
      throw calls.failure("open of /proc/self/fd/" + fd, opened);
    }
    return opened;
  }

  /** The descriptor at {@link #MAIN} or {@link #CACHED}. */
  int descriptor(int index) {
    return descriptors[index];
  }

  /** Closes those that are not the caller's. Called once. */
  void close() throws IOException {
    int failure = 0;
    for (int i = MAIN; i <= CACHED; i++) {
      boolean twice = i == CACHED && descriptors[CACHED] == descriptors[MAIN];
      if (descriptors[i] != given && !twice) {
        int result = calls.close(descriptors[i]);
        failure = result < 0 ? result : failure;
      }
    }
    if (failure < 0) {
      throw calls.failure("close", failure);
    }
  }
}
