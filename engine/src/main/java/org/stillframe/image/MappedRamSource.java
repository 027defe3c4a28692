/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.SharedCursor;
import org.stillframe.error.DamagedException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.PageBatch;
import org.stillframe.stream.PageBitmap;
import org.stillframe.stream.RamPlaces;
import org.stillframe.stream.RamSource;
import org.stillframe.system.Errno;

/**
 * Reads pages of a mapped image for one channel, some batches ahead; slots of pages of zeros are
 * never read. Used by one thread.
 */
final class MappedRamSource implements RamSource {
  private final String image;
  private final IoQueue queue;
  private final List<MappedBlock> blocks;
  private final SharedCursor.Place portion;
  private final RamPlaces places;
  private final Batch[] batches;
  private final IoQueue.Completion completion = this::completed;

  // By request: the batch it reads for, where in the block, how much.
  private final Batch[] readers;
  private final long[] offsets;
  private final int[] lengths;
  private final int[] free;
  private int freeCount;

  // Batches in their order: a ring.
  private int head;
  private int pending;
  private boolean lent;

  // Where the portion at hand goes on.
  private long page;
  private long end;
  private boolean exhausted;

  /** A batch that is being read into one buffer. */
  private static final class Batch {
    private final ByteBuffer buffer;
    private MappedBlock block;
    private long first;
    private long behind;
    private int length;
    private int reading;
    private boolean inPlace;
    private boolean empty;
    private StillframeException failure;

    Batch(ByteBuffer buffer) {
      this.buffer = buffer;
    }
  }

  /**
   * Reads.
   *
   * @param queue is closed with it
   * @param pool a buffer for each batch, with room for all its pages: one is with the consumer, the
   *     others are read ahead
   */
  MappedRamSource(
      String image,
      IoQueue queue,
      BufferPool pool,
      List<MappedBlock> blocks,
      SharedCursor cursor,
      RamPlaces places) {
    this.image = image;
    this.queue = queue;
    this.blocks = blocks;
    this.places = places;
    portion = cursor.place();
    batches = pool.all().stream().map(Batch::new).toArray(Batch[]::new);
    int depth = queue.depth();
    readers = new Batch[depth];
    offsets = new long[depth];
    lengths = new int[depth];
    free = new int[depth];
    for (int i = 0; i < depth; i++) {
      free[freeCount++] = i;
    }
  }

  @Override
  public boolean next(PageBatch to) throws StillframeException {
    TransferFailures.checkInterrupt(image);
    if (lent) {
      lent = false;
      head = (head + 1) % batches.length;
      pending--;
    }
    while (pending < batches.length && !exhausted) {
      readAhead(to.takesRanges());
    }
    if (pending == 0) {
      return false;
    }
    Batch batch = batches[head];
    while (batch.reading > 0) {
      reap(1);
    }
    if (batch.failure != null) {
      throw batch.failure;
    }
    lend(batch, to);
    lent = true;
    return true;
  }

  private void readAhead(boolean ranges) throws StillframeException {
    if (page == end) {
      if (!portion.next()) {
        exhausted = true;
        return;
      }
      int pageSize = blocks.get(portion.index()).pageSize();
      page = portion.offset() / pageSize;
      end = page + portion.length() / pageSize;
    }
    MappedBlock block = blocks.get(portion.index());
    Batch batch = batches[(head + pending) % batches.length];
    batch.block = block;
    batch.first = page;
    batch.length = 0;
    batch.inPlace = false;
    batch.failure = null;
    pending++;
    PageBitmap bitmap = block.bitmap();
    long from = bitmap.nextSet(page, end);
    long most = page + batch.buffer.capacity() / block.pageSize();
    batch.empty = ranges && from >= most;
    batch.behind = batch.empty ? from : Math.min(end, most);
    page = batch.behind;
    while (from < batch.behind) {
      long to = bitmap.nextClear(from, batch.behind);
      read(batch, from * block.pageSize(), (int) (to - from) * block.pageSize());
      from = bitmap.nextSet(to, batch.behind);
    }
  }

  private void read(Batch batch, long offset, int length) throws StillframeException {
    while (freeCount == 0) {
      reap(1);
    }
    int request = free[--freeCount];
    readers[request] = batch;
    offsets[request] = offset;
    lengths[request] = length;
    ByteBuffer bytes = places.place(batch.block.block(), offset, length);
    batch.inPlace = bytes != null;
    if (bytes == null) {
      bytes = batch.buffer.limit(batch.length + length).position(batch.length);
    }
    batch.length += length;
    batch.reading++;
    long at = batch.block.position(offset);
    try {
      queue.read(bytes, at, request);
    } catch (IOException e) {
      throw TransferFailures.of(where(batch, offset), e);
    }
    reap(0);
  }

  private void reap(int atLeast) throws StillframeException {
    try {
      queue.reap(atLeast, completion);
    } catch (IOException e) {
      throw TransferFailures.of(image, e);
    }
  }

  private void completed(long tag, int count, IOException problem) {
    int request = (int) tag;
    Batch batch = readers[request];
    batch.reading--;
    free[freeCount++] = request;
    if (problem != null) {
      batch.failure = failure(batch, offsets[request], problem);
    } else if (count < lengths[request]) {
      batch.failure =
          new DamagedException(
              where(batch, offsets[request] + count),
              "it ends here",
              "it was cut while it was read: use another copy of it");
    }
  }

  private StillframeException failure(Batch batch, long offset, IOException problem) {
    if (batch.inPlace
        && problem instanceof SystemCallException call
        && call.errno() == Errno.EFAULT) {
      return new GuestException(
          ErrorCode.GUEST,
          "shared memory of RAM block " + batch.block.block().name() + " at byte " + offset,
          problem.getMessage(),
          "see whether the file system of QEMU's memory is full, or its file was cut",
          problem);
    }
    return TransferFailures.of(where(batch, offset), problem);
  }

  private String where(Batch batch, long offset) {
    return image + " at byte " + batch.block.position(offset) + ", " + batch.block.label();
  }

  private static void lend(Batch batch, PageBatch to) {
    MappedBlock block = batch.block;
    PageBitmap bitmap = block.bitmap();
    to.begin(block.block());
    if (batch.empty) {
      to.empty(batch.first * block.pageSize(), (batch.behind - batch.first) * block.pageSize());
      return;
    }
    for (long each = batch.first; each < batch.behind; each++) {
      if (bitmap.get(each)) {
        to.page(each * block.pageSize());
      } else {
        to.zero(each * block.pageSize());
      }
    }
    if (!batch.inPlace) {
      to.data(batch.buffer.limit(batch.length).position(0));
    }
  }

  @Override
  public void close() throws StillframeException {
    try {
      queue.close();
    } catch (IOException e) {
      throw TransferFailures.of(image, e);
    }
  }
}
