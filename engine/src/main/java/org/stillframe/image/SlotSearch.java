/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.stillframe.channel.Supervision;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.MappedBlock;
import org.stillframe.system.FileCalls;

/**
 * Searches a block's page area for bytes in the slots of pages that are zero. A reader goes by the
 * bitmap and never sees them; who maps the area does. Used by one thread.
 */
final class SlotSearch {
  private static final int BUFFER = 256 << 10;

  private final FileCalls files;
  private final int fd;
  private final Supervision.Watch watch;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(BUFFER);

  /**
   * Searches.
   *
   * @param watch is looked at now and then: a file may be in very many pieces, or its holes filled,
   *     which are read then
   */
  SlotSearch(FileCalls files, int fd, Supervision.Watch watch) {
    this.files = files;
    this.fd = fd;
    this.watch = watch;
  }

  /**
   * Goes from data to data, as holes are zero; of the data it reads what no mark is set for.
   *
   * @return the absolute offset of a byte that is not zero and should be
   */
  OptionalLong stale(MappedBlock block) throws SystemCallException, StillframeException {
    long end = block.end();
    long data = files.data(fd, block.position(0));
    while (data >= 0 && data < end) {
      watch.look();
      long hole = Math.min(end, files.hole(fd, data));
      OptionalLong found = stale(block, data, hole);
      if (found.isPresent()) {
        return found;
      }
      data = hole < end ? files.data(fd, hole) : -1;
    }
    return OptionalLong.empty();
  }

  private OptionalLong stale(MappedBlock block, long begin, long end)
      throws SystemCallException, StillframeException {
    long base = block.position(0);
    int pageSize = block.pageSize();
    long last = (end - base + pageSize - 1) / pageSize;
    long from = block.bitmap().nextClear((begin - base) / pageSize, last);
    while (from < last) {
      long to = block.bitmap().nextSet(from, last);
      OptionalLong found =
          notZero(Math.max(begin, base + from * pageSize), Math.min(end, base + to * pageSize));
      if (found.isPresent()) {
        return found;
      }
      from = block.bitmap().nextClear(to, last);
    }
    return OptionalLong.empty();
  }

  private OptionalLong notZero(long begin, long end)
      throws SystemCallException, StillframeException {
    for (long at = begin; at < end; at += buffer.limit()) {
      watch.look();
      buffer.clear().limit((int) Math.min(BUFFER, end - at));
      files.read(fd, buffer, at);
      buffer.flip();
      int different = buffer.mismatch(zeros.clear().limit(buffer.limit()));
      if (different >= 0) {
        return OptionalLong.of(at + different);
      }
      if (!buffer.hasRemaining()) {
        // It was cut while it was looked at: what maps it will be told by the system.
        return OptionalLong.empty();
      }
    }
    return OptionalLong.empty();
  }
}
