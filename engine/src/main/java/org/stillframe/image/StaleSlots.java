/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.PageBitmap;
import org.stillframe.system.FileCalls;

/**
 * Takes away what QEMU left in the slots of pages that were zero in the end: while the guest runs,
 * QEMU takes their marks away and leaves their bytes. Who maps the image would take those for the
 * guest's. Used by one thread.
 */
final class StaleSlots {
  private static final int ZEROS = 1 << 20;

  private final FileCalls files;
  private final int fd;
  private ByteBuffer zeros;
  private boolean found;
  private boolean holes = true;

  StaleSlots(FileCalls files, int fd) {
    this.files = files;
    this.fd = fd;
  }

  /** Whether there were any: what took their place is not durable yet. */
  boolean found() {
    return found;
  }

  /** Goes from data to data: slots that were never written are holes. */
  void clear(MappedBlock block) throws SystemCallException {
    long end = block.end();
    long data = files.data(fd, block.position(0));
    while (data >= 0 && data < end) {
      long hole = Math.min(end, files.hole(fd, data));
      clear(block, data, hole);
      data = hole < end ? files.data(fd, hole) : -1;
    }
  }

  private void clear(MappedBlock block, long begin, long end) throws SystemCallException {
    PageBitmap bitmap = block.bitmap();
    long base = block.position(0);
    int pageSize = block.pageSize();
    long last = (end - base + pageSize - 1) / pageSize;
    long from = bitmap.nextClear((begin - base) / pageSize, last);
    while (from < last) {
      long to = bitmap.nextSet(from, last);
      clear(base + from * pageSize, (to - from) * pageSize);
      from = bitmap.nextClear(to, last);
    }
  }

  private void clear(long offset, long length) throws SystemCallException {
    found = true;
    holes = holes && files.punch(fd, offset, length);
    if (holes) {
      return;
    }
    if (zeros == null) {
      zeros = ByteBuffer.allocateDirect(ZEROS);
    }
    for (long done = 0; done < length; done += zeros.capacity()) {
      zeros.clear().limit((int) Math.min(zeros.capacity(), length - done));
      files.write(fd, zeros, offset + done);
    }
  }
}
