/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.channel.BufferPool;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamSink;

/** Puts the pages of one channel in their places in a mapped image. Used by one thread. */
final class MappedRamSink implements RamSink {
  private final String target;
  private final IoQueue queue;
  private final List<MappedBlock> blocks;
  private final Expectation expected;
  private final PageChannel channel;
  private int taken = -1;

  /**
   * Makes a sink.
   *
   * @param queue is closed with it
   * @param expected is told of zero pages
   */
  MappedRamSink(
      String target,
      IoQueue queue,
      BufferPool pool,
      List<MappedBlock> blocks,
      Expectation expected) {
    this.target = target;
    this.queue = queue;
    this.blocks = blocks;
    this.expected = expected;
    channel = new PageChannel(target, queue, pool);
  }

  @Override
  public ByteBuffer take() throws StillframeException {
    if (taken >= 0) {
      throw new IllegalStateException("one buffer at a time");
    }
    taken = channel.take();
    return channel.buffer(taken);
  }

  @Override
  public void pages(RamBlock block, long offset, ByteBuffer buffer, int position, int length)
      throws StillframeException {
    requireTaken(buffer);
    channel.data(taken, blocks.get(block.index()), offset, position, length);
  }

  @Override
  public void lend(RamBlock block, long offset, ByteBuffer memory, int position, int length)
      throws StillframeException {
    ByteBuffer bytes = memory.limit(position + length).position(position);
    channel.lent(bytes, blocks.get(block.index()), offset);
  }

  private void requireTaken(ByteBuffer buffer) {
    if (taken < 0 || channel.buffer(taken) != buffer) {
      throw new IllegalArgumentException("a buffer that was not taken");
    }
  }

  @Override
  public void zero(RamBlock block, long offset, long length) throws StillframeException {
    expected.zeros(length);
    channel.zero(blocks.get(block.index()), offset, length);
  }

  @Override
  public void give(ByteBuffer buffer) throws StillframeException {
    requireTaken(buffer);
    int index = taken;
    taken = -1;
    channel.done(index);
  }

  @Override
  public void drain() throws StillframeException {
    channel.drain();
  }

  @Override
  public void close() throws StillframeException {
    try {
      queue.close();
    } catch (IOException e) {
      throw TransferFailures.of(target, e);
    }
  }
}
