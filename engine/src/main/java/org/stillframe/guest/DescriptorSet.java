/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import org.stillframe.error.StillframeException;

/**
 * Descriptors of one file that a QEMU holds as a set, out of which it takes the one that fits each
 * time it opens the file. Used by the thread that uses the guest.
 */
public interface DescriptorSet extends AutoCloseable {
  /** What QEMU calls it. */
  long number();

  /**
   * Takes the set away from QEMU, which keeps what it has open of it until it is done. Carried out
   * in an interrupted thread too. Idempotent.
   */
  @Override
  void close() throws StillframeException;
}
