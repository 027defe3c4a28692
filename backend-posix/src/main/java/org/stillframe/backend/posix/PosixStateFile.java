/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.posix;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import jnr.posix.FileStat;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.spi.support.AbstractStateFile;
import org.stillframe.spi.support.SynchronousIoQueue;
import org.stillframe.spi.support.Transfer;

/** A target used through the caller's own descriptor, which stays the caller's. */
final class PosixStateFile extends AbstractStateFile {
  private final PosixNative natives;
  private final int fd;

  PosixStateFile(PosixNative natives, Target target, OpenMode mode) {
    super(target, mode);
    this.natives = natives;
    fd = target.descriptor();
  }

  @Override
  protected long measure() throws IOException {
    if (target().kind() == TargetKind.BLOCK) {
      // Its st_size is 0; and lseek(2) would move the position, which is the caller's.
      ByteBuffer size = PosixNative.buffer(Long.BYTES);
      if (natives.libc().ioctl(fd, PosixNative.BLKGETSIZE64, size) != 0) {
        throw PosixNative.failure("ioctl(BLKGETSIZE64)", natives.errno());
      }
      return size.getLong(0);
    }
    // Not fstat(int), whose failure would be a RuntimeException.
    FileStat stat = natives.posix().allocateStat();
    if (natives.posix().fstat(fd, stat) != 0) {
      throw PosixNative.failure("fstat", natives.errno());
    }
    return stat.st_size();
  }

  @Override
  public int memoryAlignment() {
    return 1;
  }

  @Override
  public int offsetAlignment() {
    return 1;
  }

  @Override
  protected IoQueue newQueue(int depth, List<ByteBuffer> buffers) {
    Transfer transfer =
        target().kind().seekable() ? new PositionalTransfer(natives, fd) : sequential();
    return new SynchronousIoQueue(transfer, depth, isWritable());
  }

  private Transfer sequential() {
    if (target().kind() == TargetKind.SOCKET) {
      return SequentialTransfer.ofSocket(natives, fd);
    }
    int own = isWritable() ? natives.reopenNonBlocking(fd) : SequentialTransfer.NONE;
    return SequentialTransfer.ofPipe(natives, fd, own);
  }

  @Override
  protected void resize(long size) throws IOException {
    if (natives.posix().ftruncate(fd, size) != 0) {
      throw PosixNative.failure("ftruncate", natives.errno());
    }
  }

  @Override
  protected void flush() throws IOException {
    if (natives.posix().fsync(fd) != 0) {
      throw PosixNative.failure("fsync", natives.errno());
    }
  }

  @Override
  protected void release() {
    // The descriptor is the caller's.
  }
}
