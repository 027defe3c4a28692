/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongUnaryOperator;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.stream.PositionedBytes;

/** The bytes of an opened image, read piece by piece. Used by one thread. */
final class FileBytes implements PositionedBytes {
  private final String image;
  private final StateFile file;
  private final IoQueue queue;
  private final LongUnaryOperator data;
  private int count;
  private IOException failure;

  /** {@code data} tells what {@link #data} does. */
  FileBytes(String image, StateFile file, IoQueue queue, LongUnaryOperator data) {
    this.image = image;
    this.file = file;
    this.queue = queue;
    this.data = data;
  }

  @Override
  public long size() throws StillframeException {
    try {
      return file.size();
    } catch (IOException e) {
      throw TransferFailures.of(image, e);
    }
  }

  @Override
  public void read(long position, ByteBuffer buffer) throws StillframeException {
    if (!buffer.hasRemaining()) {
      return;
    }
    TransferFailures.checkInterrupt(image);
    try {
      queue.read(buffer, position, 0);
      queue.reap(1, this::completed);
    } catch (IOException e) {
      failure = e;
    }
    if (failure != null) {
      throw TransferFailures.of(image + " at byte " + position, failure);
    }
    buffer.position(buffer.position() + count);
  }

  @Override
  public long data(long position) {
    return data.applyAsLong(position);
  }

  private void completed(long tag, int transferred, IOException problem) {
    count = transferred;
    failure = problem;
  }
}
