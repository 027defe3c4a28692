/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.channel;

import java.util.concurrent.atomic.LongAdder;

/** How many bytes the channels of a run have moved. Thread-safe. */
public final class TransferCounter {
  private final LongAdder bytes = new LongAdder();

  /** Makes a counter that stands at 0. */
  public TransferCounter() {}

  /** Counts bytes that were moved. */
  public void add(long count) {
    bytes.add(count);
  }

  /** Bytes moved so far. */
  public long bytes() {
    return bytes.sum();
  }
}
