/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.Objects;

/**
 * How many records a stream holds for a block; a page that comes twice counts twice. Immutable.
 *
 * @param block the block
 * @param dataPages records with a page's bytes
 * @param zeroPages records of a page of zeros
 * @param encodedPages records in an encoding that was passed over, see {@link PageEncoding}
 */
public record BlockCounts(RamBlock block, long dataPages, long zeroPages, long encodedPages) {
  /** Checks that the block is not null. */
  public BlockCounts {
    Objects.requireNonNull(block, "block");
  }
}
