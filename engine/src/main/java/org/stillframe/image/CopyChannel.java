/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.util.List;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.SharedCursor;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.stream.MappedBlock;

/**
 * One of the channels that copy the pages of a mapped image into another. Pages are written out of
 * the buffer into which they were read.
 */
final class CopyChannel implements ChannelTask {
  private static final int BUFFERS = 8;
  private static final int ALIGNMENT = 4096;

  /** Requests in flight each way: more than buffers, as pages of zeros split what is in one. */
  private static final int DEPTH = 64;

  private final MappedContents source;
  private final MappedCopy copy;
  private final TransferCounter counter;
  private final RunBatch[] runs = new RunBatch[BUFFERS];
  private final RunBatch.Range range;
  private boolean exhausted;

  CopyChannel(
      MappedContents source, MappedCopy copy, SharedCursor cursor, TransferCounter counter) {
    this.source = source;
    this.copy = copy;
    range = new RunBatch.Range(source.image().blocks(), cursor.place());
    this.counter = counter;
    for (int i = 0; i < BUFFERS; i++) {
      runs[i] = new RunBatch();
    }
  }

  @Override
  public void run() throws StillframeException {
    int alignment =
        Math.max(
            ALIGNMENT, Math.max(source.file().memoryAlignment(), copy.file().memoryAlignment()));
    BufferPool pool = new BufferPool(BUFFERS, RunBatch.LENGTH + PartBatch.GAPS, alignment);
    try (IoQueue reads = source.file().openQueue(DEPTH, pool.all());
        IoQueue writes = copy.file().openQueue(DEPTH, pool.all())) {
      PartReader reader = new PartReader(source.name(), reads, BUFFERS);
      PageChannel writer = new PageChannel(copy.name(), writes, pool);
      for (; ; ) {
        // A buffer that is being written is waited for only where nothing else is left to do.
        while (!exhausted && !reader.isFull() && (pool.hasFree() || reader.isEmpty())) {
          readAhead(reader, writer);
        }
        if (reader.isEmpty()) {
          writer.drain();
          return;
        }
        write(reader.first(), runs[reader.firstIndex()], writer);
        reader.release();
      }
    } catch (IOException e) {
      throw TransferFailures.of(copy.name(), e);
    }
  }

  private void readAhead(PartReader reader, PageChannel writer) throws StillframeException {
    int buffer = writer.take();
    PartBatch parts = reader.next();
    parts.begin(writer.buffer(buffer));
    if (runs[reader.nextIndex()].fill(range, parts, buffer)) {
      reader.read();
    } else {
      exhausted = true;
      writer.done(buffer);
    }
  }

  private void write(PartBatch parts, RunBatch batch, PageChannel writer)
      throws StillframeException {
    List<MappedBlock> from = source.image().blocks();
    List<MappedBlock> to = copy.blocks();
    long bytes = 0;
    for (int i = 0; i < batch.count(); i++) {
      int block = batch.block(i);
      long offset = batch.offset(i);
      int position = parts.position(from.get(block).position(offset));
      writer.data(batch.buffer(), to.get(block), offset, position, batch.length(i));
      bytes += batch.length(i);
    }
    writer.done(batch.buffer());
    counter.add(bytes);
  }
}
