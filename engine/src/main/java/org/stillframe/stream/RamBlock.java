/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.stream;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * A block of guest RAM, as the stream's list of blocks names it. Immutable.
 *
 * @param index its place in the list, from 0
 * @param name QEMU's name of it, for example {@code pc.ram}; unique in a stream
 * @param usedLength its length in bytes: positive, a multiple of the target page size
 * @param guestAddress where it lies in its parent region, an unsigned number of bytes; present only
 *     in a stream with the capability {@code x-ignore-shared}
 */
public record RamBlock(int index, String name, long usedLength, OptionalLong guestAddress) {
  /** Checks that nothing is null. */
  public RamBlock {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(guestAddress, "guestAddress");
  }
}
