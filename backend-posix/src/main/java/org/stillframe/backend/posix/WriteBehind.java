/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.io.IOException;
import jnr.constants.platform.Errno;

/**
 * Follows a file that is written from front to back, be it with holes: starts the write-back of
 * each window as soon as it is full, and drops older ones from the page cache once they are stored.
 * So the storage works while more arrives, the fsync at the end finds little to do, the same few
 * pages are filled again and again, and an image does not push everything else out of the host's
 * memory. Writes here and there are left to the kernel. Used by one thread.
 */
final class WriteBehind {
  private static final long WINDOW = 8L << 20;

  /** Windows that are under way to the storage before the oldest is waited for. */
  private static final int UNDER_WAY = 4;

  /** A hole as long as that is jumped over: to follow it would cost calls for nothing. */
  private static final long JUMP = 4 * WINDOW;

  // Flags of sync_file_range(2).
  private static final int WAIT_BEFORE = 1;
  private static final int WRITE = 2;
  private static final int WAIT_AFTER = 4;

  private final PosixNative natives;
  private final int fd;
  private final PageCache cache;
  private long end;
  private long started;
  private long dropped;
  private boolean unsupported;

  WriteBehind(PosixNative natives, int fd, PageCache cache) {
    this.natives = natives;
    this.fd = fd;
    this.cache = cache;
  }

  /** Bytes were written. Fails if storing earlier ones did. */
  void wrote(long from, long to) throws IOException {
    if (from < end || from - end >= JUMP) {
      restart(from);
    }
    end = to;
    while (end - started >= WINDOW && !unsupported) {
      store(started, WRITE);
      started += WINDOW;
      if (started - dropped > UNDER_WAY * WINDOW) {
        store(dropped, WAIT_BEFORE | WRITE | WAIT_AFTER);
        cache.drop(dropped, WINDOW);
        dropped += WINDOW;
      }
    }
  }

  private void restart(long from) throws IOException {
    if (from > end && end > started && !unsupported) {
      // Nothing will fill the last window: it is short, and goes now.
      store(started, WRITE);
    }
    started = from;
    dropped = from;
  }

  private void store(long offset, int flags) throws IOException {
    if (natives.libc().sync_file_range(fd, offset, WINDOW, flags) == 0) {
      return;
    }
    int errno = natives.errno();
    if (errno == Errno.EINVAL.intValue()
        || errno == Errno.ENOSYS.intValue()
        || errno == Errno.ESPIPE.intValue()) {
      unsupported = true;
    } else if (!PosixNative.isTransient(errno)) {
      // The kernel tells of a failed write once: fsync would no longer know of it.
      throw PosixNative.failure("sync_file_range", errno);
    }
  }
}
