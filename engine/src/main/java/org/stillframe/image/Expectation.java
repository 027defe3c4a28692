/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamListener;

/** How much a stream will bring: all RAM, less what has turned out to be zero. */
class Expectation implements StreamListener {
  private final AtomicLong bytes = new AtomicLong();
  private long pageSize;

  final long bytes() {
    return bytes.get();
  }

  @Override
  public void configuration(Configuration configuration) {
    pageSize = configuration.pageSize();
  }

  @Override
  public void ramBlocks(List<RamBlock> blocks) throws StillframeException {
    long length = 0;
    for (RamBlock block : blocks) {
      length += block.usedLength();
    }
    bytes.set(length);
  }

  @Override
  public void zeroPage(RamBlock block, long offset) throws StillframeException {
    zeros(pageSize);
  }

  /** So many bytes have turned out to be zero. From any thread. */
  final void zeros(long length) {
    // A page that is sent again may be counted again; what was moved is the least there is.
    bytes.accumulateAndGet(length, (all, zero) -> Math.max(1, all - zero));
  }
}
