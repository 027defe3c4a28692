/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import org.stillframe.spi.SystemCallException;
import org.stillframe.system.FileCalls;
import org.stillframe.system.PresentPages;

/**
 * Where data and holes are in the part of a file that is a RAM block. The kernel walks over all
 * pages of an extent to find its end: what it said last serves all threads. Thread-safe.
 */
final class DataMap {
  private static final int PAGE = PresentPages.PAGE;

  private final FileCalls files;
  private final int file;
  private final long offset;
  private final long length;
  private final Extent last = new Extent();

  /** Data, or a hole, in whole pages. Used by one thread. */
  static final class Extent {
    private long begin;
    private long end;
    private boolean data;

    boolean holds(long at) {
      return begin <= at && at < end;
    }

    long end() {
      return end;
    }

    boolean isData() {
      return data;
    }

    private void set(long from, long to, boolean isData) {
      begin = from;
      end = to;
      data = isData;
    }
  }

  /** The map of a part of a file. */
  DataMap(FileCalls files, int file, long offset, long length) {
    this.files = files;
    this.file = file;
    this.offset = offset;
    this.length = length;
  }

  /** Everything counts as data in a file that does not tell. */
  static DataMap full(long length) {
    DataMap map = new DataMap(null, -1, 0, length);
    map.last.set(0, length, true);
    return map;
  }

  /** Says what is at a place in the block, and how far it goes. */
  synchronized void look(long at, Extent to) throws SystemCallException {
    if (!last.holds(at)) {
      long data = within(files.data(file, offset + at)) / PAGE * PAGE;
      if (data > at) {
        last.set(at, data, false);
      } else {
        // At least a page: who asks goes on from there.
        long hole = Math.max(at + 1, within(files.hole(file, offset + at)));
        last.set(at, Math.min(length, (hole + PAGE - 1) / PAGE * PAGE), true);
      }
    }
    to.set(last.begin, last.end, last.data);
  }

  private long within(long found) {
    return found < 0 ? length : Math.min(length, found - offset);
  }
}
