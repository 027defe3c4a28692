/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.nio.ByteBuffer;

/** Where pages belong that can be put there straight. Used by one thread. */
@FunctionalInterface
public interface RamPlaces {
  /** None can. */
  RamPlaces NONE = (block, offset, length) -> null;

  /**
   * The memory of a range of a block.
   *
   * @param offset in the block, in bytes
   * @param length in bytes, {@link PagePacket#PAYLOAD_LIMIT} at the most, within whole GiB
   * @return direct, with the range between its position and its limit; it is the same for many
   *     ranges, and stays valid longer than whoever asks. Null if this block has none
   */
  ByteBuffer place(RamBlock block, long offset, int length);
}
