/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.error.StillframeException;

/**
 * What a {@link StreamParser} tells about a stream, in the order of the stream. Every method does
 * nothing unless overridden. A failure thrown from a method ends the parse and reaches its caller.
 *
 * <p>Everything is told before the end of the stream is known to be whole: only when {@code parse}
 * has returned may what was told be trusted.
 */
public interface StreamListener {
  /** The guest's configuration: the first call. */
  default void configuration(Configuration configuration) throws StillframeException {}

  /**
   * RAM's section begins.
   *
   * @param id its id, 0 to 2<sup>32</sup>-1, which no device section of the stream has
   */
  default void ramSection(long id) throws StillframeException {}

  /**
   * All blocks of RAM, in the stream's order; before any page. At least one, at most 4096. Their
   * lengths are what the stream claims, up to 2<sup>63</sup> bytes: bound them before allocating.
   */
  default void ramBlocks(List<RamBlock> blocks) throws StillframeException {}

  /**
   * A page's bytes. A page may come any number of times, also as {@link #zeroPage}: the last
   * counts. A page that never comes was left out on purpose: memory shared with others ({@code
   * x-ignore-shared}), the unplugged part of virtio-mem, pages that the guest reported free.
   *
   * @param block the block it belongs to; the same object as in {@link #ramBlocks}
   * @param offset where it lies in the block, in bytes: a multiple of the page size, below the
   *     block's length
   * @param data stands at the first byte of the page: consume exactly one page, or nothing and it
   *     is passed over. Anything else is an {@link IllegalStateException} of the parser's.
   */
  default void page(RamBlock block, long offset, StreamInput data) throws StillframeException {}

  /** A page whose bytes are all zero; parameters as for {@link #page}. */
  default void zeroPage(RamBlock block, long offset) throws StillframeException {}

  /**
   * A page that came in an encoding which is passed over: whoever rebuilds RAM must refuse it, as
   * the page is not what was told of it before.
   */
  default void encodedPage(RamBlock block, long offset, PageEncoding encoding)
      throws StillframeException {}

  /**
   * The channels of multifd are to be waited for: what they carry up to their synchronisation of
   * the same number belongs before this, and what follows it after. Told by {@link
   * StreamParser#ofMultifd} alone; first of all after {@link #ramBlocks}, last before {@link
   * #ramEnd}.
   */
  default void multifdFlush() throws StillframeException {}

  /**
   * A device section between the list of blocks and the pages, for example of virtio-mem.
   *
   * @param name the section's name
   * @param instance its instance, 0 to 2<sup>32</sup>-1
   * @param bytes the whole section from its type byte to its footer; the callee's to keep: all of
   *     them together have 16 MiB at the most
   */
  default void earlySection(String name, long instance, byte[] bytes) throws StillframeException {}

  /** RAM has ended: no page follows. */
  default void ramEnd() throws StillframeException {}

  /**
   * The device part begins: sections of type FULL, the end byte and the closing description. It
   * reaches to the end of the stream.
   *
   * @param offset of its first byte in the stream
   */
  default void devices(long offset) throws StillframeException {}

  /**
   * Bytes of the device part, in order; all of them together are told by these calls.
   *
   * @param bytes from its position to its limit, which may be moved; the content is the callee's
   *     until it returns
   */
  default void deviceBytes(ByteBuffer bytes) throws StillframeException {}
}
