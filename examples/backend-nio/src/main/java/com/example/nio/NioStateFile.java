/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package com.example.nio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.Target;
import org.stillframe.spi.support.AbstractStateFile;
import org.stillframe.spi.support.SynchronousIoQueue;

/** An open file or block device. Thread-safe. */
final class NioStateFile extends AbstractStateFile {
  private final int descriptor;
  private final OpenMode mode;
  private final DescriptorChannel channel;

  NioStateFile(Target target, OpenMode mode) throws IOException {
    super(target, mode);
    descriptor = target.descriptor();
    this.mode = mode;
    channel = new DescriptorChannel(descriptor, mode);
  }

  @Override
  protected long measure() throws IOException {
    return channel.call("fstat", open -> open.size());
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
  protected IoQueue newQueue(int depth, List<ByteBuffer> buffers) throws IOException {
    // A channel of its own: an interrupt of one thread closes nothing that another uses.
    ChannelTransfer transfer = new ChannelTransfer(new DescriptorChannel(descriptor, mode));
    return new SynchronousIoQueue(transfer, depth, isWritable());
  }

  @Override
  protected void resize(long size) throws IOException {
    channel.call(
        "ftruncate",
        open -> {
          // A channel is cut to a size, but does not grow unless something is written.
          if (open.size() < size) {
            return open.write(ByteBuffer.allocate(1), size - 1);
          }
          return open.truncate(size);
        });
  }

  @Override
  protected void flush() throws IOException {
    channel.call(
        "fsync",
        open -> {
          open.force(true);
          return null;
        });
  }

  @Override
  protected void release() throws IOException {
    channel.close();
  }
}
