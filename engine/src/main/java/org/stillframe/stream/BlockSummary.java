/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.Objects;
import java.util.Optional;

/**
 * What an image holds of a block. In a stream these are records, and a page that comes twice counts
 * twice; elsewhere they are pages. Immutable.
 *
 * @param block the block
 * @param dataPages pages whose bytes are there
 * @param zeroPages pages of zeros, which take no room
 * @param encodedPages records in an encoding that was passed over, see {@link PageEncoding}; 0 but
 *     in a stream
 * @param placement where the block lies in the layout mapped; empty in others
 */
public record BlockSummary(
    RamBlock block,
    long dataPages,
    long zeroPages,
    long encodedPages,
    Optional<MappedHeader> placement) {
  /** Checks that nothing is null. */
  public BlockSummary {
    Objects.requireNonNull(block, "block");
    Objects.requireNonNull(placement, "placement");
  }
}
