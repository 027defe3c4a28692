/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.BufferShape;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;

/**
 * One of the channels that compose a stream out of a mapped image. It writes whole MiB at whole MiB
 * of the target, so that direct writes need no detour; a page across the border between two is read
 * for both.
 */
final class ComposeChannel implements ChannelTask {
  private static final int LENGTH = 1 << 20;
  private static final int READS = 6;
  private static final int WRITES = 8;
  private static final int ALIGNMENT = 4096;

  /** Reads in flight: more than buffers, as pages of zeros split what is in one. */
  private static final int DEPTH = 64;

  private final MappedContents source;
  private final StreamComposition composition;
  private final TransferCounter counter;
  private final StreamComposer composer;
  private final StreamStretch share;
  private final StreamStretch[] stretches = new StreamStretch[READS];

  ComposeChannel(MappedContents source, StreamComposition composition, TransferCounter counter) {
    this.source = source;
    this.composition = composition;
    this.counter = counter;
    StreamPlan plan = composition.plan();
    composer = new StreamComposer(plan);
    share = new StreamStretch(plan);
    for (int i = 0; i < READS; i++) {
      stretches[i] = new StreamStretch(plan);
    }
  }

  @Override
  public void run() throws StillframeException {
    int room = StreamComposer.room(LENGTH, composition.plan().pageSize()) + PartBatch.GAPS;
    BufferPool readPool =
        new BufferPool(
            new BufferShape(READS, room + ALIGNMENT - 1 & -ALIGNMENT, ALIGNMENT), source.file());
    BufferPool writePool =
        new BufferPool(new BufferShape(WRITES, LENGTH, ALIGNMENT), composition.file());
    try (IoQueue reads = source.file().openQueue(DEPTH, readPool.all());
        IoQueue writes = composition.file().openQueue(WRITES, writePool.all())) {
      PartReader reader = new PartReader(source.name(), reads, READS);
      PageChannel writer = new PageChannel(composition.name(), writes, writePool);
      do {
        while (!reader.isFull() && takeStretch(stretches[reader.nextIndex()])) {
          PartBatch parts = reader.next();
          parts.begin(readPool.get(reader.nextIndex()));
          composer.addParts(stretches[reader.nextIndex()], parts);
          reader.read();
        }
        if (!reader.isEmpty()) {
          write(stretches[reader.firstIndex()], reader.first(), writer);
          reader.release();
        }
      } while (!reader.isEmpty());
      writer.drain();
    } catch (IOException e) {
      throw TransferFailures.of(composition.name(), e);
    }
  }

  private boolean takeStretch(StreamStretch stretch) {
    return stretch.takeFrom(share, LENGTH)
        || composition.next(share) && stretch.takeFrom(share, LENGTH);
  }

  private void write(StreamStretch stretch, PartBatch parts, PageChannel writer)
      throws StillframeException {
    int index = writer.take();
    ByteBuffer out = writer.buffer(index);
    composer.compose(stretch, parts, out);
    int length = out.limit();
    if (stretch.begin() == 0) {
      composition.head().holdBack(out);
    }
    writer.raw(index, 0, length, stretch.begin());
    writer.done(index);
    counter.add(length);
  }
}
