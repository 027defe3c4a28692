/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** A state file without the calls of the system. Thread-safe if the subclass is. */
public abstract class AbstractStateFile implements StateFile {
  private final Target target;
  private final OpenMode mode;
  private boolean closed;

  /** For subclasses. */
  protected AbstractStateFile(Target target, OpenMode mode) {
    this.target = target;
    this.mode = mode;
  }

  /** What was opened. */
  protected final Target target() {
    return target;
  }

  /** Whether it was opened for writing. */
  protected final boolean isWritable() {
    return mode == OpenMode.WRITE;
  }

  @Override
  public final long size() throws IOException {
    requireOpen();
    if (!target.kind().seekable()) {
      throw new IOException("a " + target.kind().label() + " has no size");
    }
    return measure();
  }

  @Override
  public final IoQueue openQueue(int depth, List<ByteBuffer> buffers) throws IOException {
    AbstractIoQueue.requireDepth(depth);
    for (ByteBuffer buffer : buffers) {
      if (!buffer.isDirect()) {
        throw new IllegalArgumentException("a buffer is not direct");
      }
    }
    requireOpen();
    return newQueue(depth, buffers);
  }

  @Override
  public final void truncate(long size) throws IOException {
    requireOpen();
    if (size < 0) {
      throw new IllegalArgumentException("negative size " + size);
    }
    if (target.kind() != TargetKind.REGULAR) {
      throw new IOException("a " + target.kind().label() + " cannot be cut to a size");
    }
    if (!isWritable()) {
      throw new IOException("the target was opened for reading alone");
    }
    resize(size);
  }

  @Override
  public final void sync() throws IOException {
    requireOpen();
    if (target.kind().seekable()) {
      flush();
    }
  }

  @Override
  public final void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    release();
  }

  private synchronized void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the target is closed");
    }
  }

  /** The present size in bytes of the file or device. */
  protected abstract long measure() throws IOException;

  /** Opens a queue; depth and buffers were checked. */
  protected abstract IoQueue newQueue(int depth, List<ByteBuffer> buffers) throws IOException;

  /** Cuts or extends the regular file to {@code size} bytes, as ftruncate(2). */
  protected abstract void resize(long size) throws IOException;

  /** Makes everything that was written durable, as fsync(2). */
  protected abstract void flush() throws IOException;

  /** Closes what was opened, but never the target's own descriptor. Called once. */
  protected abstract void release() throws IOException;
}
