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
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** A target used through the caller's own descriptor, which stays the caller's. */
final class PosixStateFile implements StateFile {
  private static final int MAX_DEPTH = 4096;
  private static final int SEEK_END = 2;

  private final PosixNative natives;
  private final Target target;
  private final OpenMode mode;
  private volatile boolean closed;

  PosixStateFile(PosixNative natives, Target target, OpenMode mode) {
    this.natives = natives;
    this.target = target;
    this.mode = mode;
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    if (!target.kind().seekable()) {
      throw new IOException("a " + target.kind().label() + " has no size");
    }
    if (target.kind() == TargetKind.BLOCK) {
      // Its st_size is 0. Transfers are positional: the file position is nobody's.
      long end = natives.posix().lseekLong(target.descriptor(), 0, SEEK_END);
      if (end < 0) {
        throw PosixNative.failure("lseek", natives.errno());
      }
      return end;
    }
    // Not fstat(int), whose failure would be a RuntimeException.
    FileStat stat = natives.posix().allocateStat();
    if (natives.posix().fstat(target.descriptor(), stat) != 0) {
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
  public IoQueue openQueue(int depth, List<ByteBuffer> buffers) {
    if (depth < 1 || depth > MAX_DEPTH) {
      throw new IllegalArgumentException("depth " + depth + " is not within 1.." + MAX_DEPTH);
    }
    for (ByteBuffer buffer : buffers) {
      if (!buffer.isDirect()) {
        throw new IllegalArgumentException("a buffer is not direct");
      }
    }
    requireOpen();
    int fd = target.descriptor();
    Transfer transfer =
        target.kind().seekable() ? new PositionalTransfer(natives, fd) : sequential(fd);
    return new SynchronousQueue(transfer, depth, mode == OpenMode.WRITE);
  }

  private Transfer sequential(int fd) {
    if (target.kind() == TargetKind.SOCKET) {
      return SequentialTransfer.ofSocket(natives, fd);
    }
    int own = mode == OpenMode.WRITE ? natives.reopenNonBlocking(fd) : SequentialTransfer.NONE;
    return SequentialTransfer.ofPipe(natives, fd, own);
  }

  @Override
  public void truncate(long size) throws IOException {
    requireOpen();
    if (size < 0) {
      throw new IllegalArgumentException("negative size " + size);
    }
    if (target.kind() != TargetKind.REGULAR) {
      throw new IOException("a " + target.kind().label() + " cannot be cut to a size");
    }
    if (mode != OpenMode.WRITE) {
      throw new IOException("the target was opened for reading alone");
    }
    if (natives.posix().ftruncate(target.descriptor(), size) != 0) {
      throw PosixNative.failure("ftruncate", natives.errno());
    }
  }

  @Override
  public void sync() throws IOException {
    requireOpen();
    if (target.kind().seekable() && natives.posix().fsync(target.descriptor()) != 0) {
      throw PosixNative.failure("fsync", natives.errno());
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the target is closed");
    }
  }

  @Override
  public void close() {
    // The descriptor is the caller's.
    closed = true;
  }
}
