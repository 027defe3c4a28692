/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.channel.BufferPool;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.PageBitmap;

/**
 * Writes pages of a mapped image on one channel: with a queue and buffers of its own. Runs of pages
 * are written out of the buffer they came into, and runs that adjoin in buffer and block become one
 * request. Used by one thread.
 *
 * <p>A page may be written again, and one that becomes zero is written as zeros, so that its slot
 * is never stale. The order of such writes is kept within a channel; between channels it is the
 * caller's, by {@link #drain}.
 */
public final class PageChannel {
  private static final int ZEROS = 1 << 20;

  /** In place of the index of a buffer: memory of the caller. */
  private static final int LENT = -2;

  private final String target;
  private final IoQueue queue;
  private final BufferPool pool;
  private final IoQueue.Completion completion = this::completed;
  private final ByteBuffer zeros;

  // By request: its buffer, or -1 for zeros, or LENT; the block if it writes pages, and what it
  // covers of the file.
  private final int[] buffers;
  private final MappedBlock[] blocks;
  private final long[] begins;
  private final long[] ends;
  private final boolean[] pending;
  private final int[] free;
  private int freeCount;

  /** Requests in flight that write zeros: they leave no mark that tells of them. */
  private int zeroing;

  // By buffer: requests in flight, and whether more will come.
  private final int[] users;
  private final boolean[] held;

  // The run that may yet grow; its buffer is -1 if there is none.
  private int runBuffer = -1;
  private MappedBlock runBlock;
  private long runOffset;
  private int runPosition;
  private int runLength;

  private IOException failure;
  private String failedAt = "";

  /**
   * Makes a channel.
   *
   * @param target what messages call the image
   * @param queue its depth is how many runs may be in flight
   * @param pool of two buffers or more
   */
  public PageChannel(String target, IoQueue queue, BufferPool pool) {
    this.target = target;
    this.queue = queue;
    this.pool = pool;
    zeros = pool.another(ZEROS);
    int depth = queue.depth();
    buffers = new int[depth];
    blocks = new MappedBlock[depth];
    begins = new long[depth];
    ends = new long[depth];
    pending = new boolean[depth];
    free = new int[depth];
    for (int i = 0; i < depth; i++) {
      free[freeCount++] = i;
    }
    users = new int[pool.all().size()];
    held = new boolean[users.length];
  }

  /** Takes a free buffer, waiting for one; it is the caller's until {@link #done}. */
  public int take() throws StillframeException {
    int index = pool.take();
    while (index < 0) {
      reap();
      index = pool.take();
    }
    held[index] = true;
    return index;
  }

  /** A buffer by its index. Its position and limit are this channel's to change. */
  public ByteBuffer buffer(int index) {
    return pool.get(index);
  }

  /**
   * Writes whole pages out of a buffer; their bytes must not be touched until {@link #done} has
   * given the buffer back.
   *
   * @param offset in the block, in bytes
   * @param position in the buffer
   * @param length in bytes
   */
  public void data(int buffer, MappedBlock block, long offset, int position, int length)
      throws StillframeException {
    if (buffer == runBuffer
        && block == runBlock
        && offset == runOffset + runLength
        && position == runPosition + runLength) {
      runLength += length;
      return;
    }
    flush();
    runBuffer = buffer;
    runBlock = block;
    runOffset = offset;
    runPosition = position;
    runLength = length;
  }

  /**
   * Writes whole pages out of memory of the caller, which must stay as it is until {@link #drain}
   * has returned or the queue is closed.
   *
   * @param bytes direct; its remaining bytes
   * @param offset in the block, in bytes
   */
  public void lent(ByteBuffer bytes, MappedBlock block, long offset) throws StillframeException {
    flush();
    int pageSize = block.pageSize();
    boolean again = block.bitmap().set(offset / pageSize, bytes.remaining() / pageSize);
    submit(LENT, block, bytes, block.position(offset), again);
  }

  /** Notes whole pages of zeros; what was written in their place before is overwritten. */
  public void zero(MappedBlock block, long offset, long length) throws StillframeException {
    if (block == runBlock && offset < runOffset + runLength && runOffset < offset + length) {
      flush();
    }
    PageBitmap bitmap = block.bitmap();
    int pageSize = block.pageSize();
    long end = (offset + length) / pageSize;
    long from = bitmap.nextSet(offset / pageSize, end);
    while (from < end) {
      long count = Math.min(bitmap.nextClear(from, end) - from, ZEROS / pageSize);
      bitmap.clear(from, count);
      long at = block.position(from * pageSize);
      submit(-1, block, zeros.clear().limit((int) (count * pageSize)), at, true);
      from = bitmap.nextSet(from + count, end);
    }
  }

  /** No more runs of this buffer will come: it is free again once all are written. */
  public void done(int buffer) throws StillframeException {
    if (buffer == runBuffer) {
      flush();
    }
    held[buffer] = false;
    giveIfUnused(buffer);
  }

  /** Writes bytes of a buffer to a place in the file that holds no pages; as {@link #data}. */
  void raw(int buffer, int position, int length, long at) throws StillframeException {
    submit(buffer, null, pool.get(buffer).limit(position + length).position(position), at, false);
  }

  /** Waits until all that was given is written. */
  public void drain() throws StillframeException {
    flush();
    while (queue.inFlight() > 0) {
      reap();
    }
  }

  private void flush() throws StillframeException {
    if (runBuffer < 0) {
      return;
    }
    int buffer = runBuffer;
    runBuffer = -1;
    int pageSize = runBlock.pageSize();
    boolean again = runBlock.bitmap().set(runOffset / pageSize, runLength / pageSize);
    ByteBuffer bytes = pool.get(buffer).limit(runPosition + runLength).position(runPosition);
    submit(buffer, runBlock, bytes, runBlock.position(runOffset), again);
    runBlock = null;
  }

  private void submit(int buffer, MappedBlock block, ByteBuffer bytes, long at, boolean again)
      throws StillframeException {
    long end = at + bytes.remaining();
    // Requests that overlap in flight have no order.
    while ((again || zeroing > 0) && overlaps(at, end)) {
      reap();
    }
    while (freeCount == 0) {
      reap();
    }
    int slot = free[--freeCount];
    buffers[slot] = buffer;
    blocks[slot] = block;
    begins[slot] = at;
    ends[slot] = end;
    pending[slot] = true;
    if (buffer >= 0) {
      users[buffer]++;
    } else if (buffer != LENT) {
      zeroing++;
    }
    try {
      queue.write(bytes, at, slot);
      queue.reap(0, completion);
    } catch (IOException e) {
      fail(at, block, e);
    }
    requireGood();
  }

  private boolean overlaps(long begin, long end) {
    for (int i = 0; i < pending.length; i++) {
      if (pending[i] && begins[i] < end && begin < ends[i]) {
        return true;
      }
    }
    return false;
  }

  private void reap() throws StillframeException {
    if (queue.inFlight() == 0) {
      throw new IllegalStateException("all buffers are held, and none is being written");
    }
    try {
      queue.reap(1, completion);
    } catch (IOException e) {
      fail("", e);
    }
    requireGood();
  }

  private void completed(long tag, int transferred, IOException problem) {
    int slot = (int) tag;
    long length = ends[slot] - begins[slot];
    pending[slot] = false;
    free[freeCount++] = slot;
    int buffer = buffers[slot];
    if (buffer >= 0) {
      users[buffer]--;
      giveIfUnused(buffer);
    } else if (buffer != LENT) {
      zeroing--;
    }
    if (problem != null) {
      fail(begins[slot], blocks[slot], problem);
    } else if (transferred != length) {
      String words = "the backend wrote " + transferred + " of " + length + " bytes";
      fail(begins[slot], blocks[slot], new IOException(words));
    }
  }

  private void giveIfUnused(int buffer) {
    if (!held[buffer] && users[buffer] == 0) {
      pool.give(buffer);
    }
  }

  private void fail(long offset, MappedBlock block, IOException problem) {
    fail(" at byte " + offset + (block == null ? "" : ", " + block.label()), problem);
  }

  private void fail(String where, IOException problem) {
    if (failure == null) {
      failure = problem;
      failedAt = where;
    }
  }

  private void requireGood() throws StillframeException {
    if (failure != null) {
      throw TransferFailures.of(target + failedAt, failure);
    }
  }
}
