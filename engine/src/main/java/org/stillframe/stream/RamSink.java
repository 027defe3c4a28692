/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import org.stillframe.error.StillframeException;

/**
 * Takes pages of a guest's RAM from one channel. Used by one thread.
 *
 * <p>A page may come again after a {@link #drain}, on this channel or another: the last counts.
 * Between two drains a page comes once.
 */
public interface RamSink extends AutoCloseable {
  /**
   * A free buffer, waiting for one if need be.
   *
   * @return direct, aligned as the storage wants it, of at least {@link PagePacket#PAYLOAD_LIMIT}
   *     bytes; position and limit are the caller's to set
   */
  ByteBuffer take() throws StillframeException;

  /**
   * Stores adjacent pages; may return before it has happened.
   *
   * @param offset of the first page in the block, in bytes
   * @param buffer one that was taken and not yet given back
   * @param position of the first page in the buffer, whatever its own position
   * @param length in bytes, a multiple of the page size
   */
  void pages(RamBlock block, long offset, ByteBuffer buffer, int position, int length)
      throws StillframeException;

  /**
   * Stores adjacent pages out of memory that is not the sink's; may return before it has happened.
   *
   * @param offset of the first page in the block, in bytes
   * @param memory direct; the pages must stay as they are until {@link #drain} or {@link #close}
   *     has returned. Where they are not aligned as the storage wants it, they are copied.
   * @param position of the first page in the memory, whatever its own position
   * @param length in bytes, a multiple of the page size
   */
  void lend(RamBlock block, long offset, ByteBuffer memory, int position, int length)
      throws StillframeException;

  /** Stores adjacent pages of zeros: they are zero even if they were not before. */
  void zero(RamBlock block, long offset, long length) throws StillframeException;

  /** Gives a buffer back, which is reused when all that was said of it has happened. */
  void give(ByteBuffer buffer) throws StillframeException;

  /** Waits until everything has happened, so that another channel may store the same pages. */
  void drain() throws StillframeException;

  /** Frees what the channel holds. What has not been drained may or may not have happened. */
  @Override
  void close() throws StillframeException;
}
