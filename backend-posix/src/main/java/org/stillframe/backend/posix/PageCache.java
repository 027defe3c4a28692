/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.nio.ByteBuffer;

/** What the host's page cache holds of a file. Used by one thread. */
final class PageCache {
  /** Where the kernel does not tell: before 6.5, or of a file that is not ours. */
  static final long UNKNOWN = -1;

  /** cachestat(2): its number is the same on every architecture. The C library does not know it. */
  private static final long CACHESTAT = 451;

  /** POSIX_FADV_DONTNEED of posix_fadvise(2), on Linux. */
  private static final int DONT_NEED = 4;

  private final PosixNative natives;
  private final int fd;

  // struct cachestat_range and struct cachestat of <linux/mman.h>: five counters, the first of
  // which is of the pages in the cache.
  private final ByteBuffer range = PosixNative.buffer(16);
  private final ByteBuffer counts = PosixNative.buffer(40);

  PageCache(PosixNative natives, int fd) {
    this.natives = natives;
    this.fd = fd;
  }

  /** How much of a range is in the cache, in bytes; or {@link #UNKNOWN}. */
  long holds(long offset, long length) {
    range.putLong(0, offset).putLong(8, length);
    return natives.libc().syscall(CACHESTAT, fd, range, counts, 0) == 0
        ? counts.getLong(0) * natives.pageSize()
        : UNKNOWN;
  }

  /** Drops the whole pages of a range, unless they wait to be stored or somebody uses them. */
  void drop(long offset, long length) {
    natives.libc().posix_fadvise(fd, offset, length, DONT_NEED);
  }
}
