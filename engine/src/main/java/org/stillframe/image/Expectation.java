/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.util.List;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamListener;

/** How much a stream will bring: all RAM, less what has turned out to be zero. */
class Expectation implements StreamListener {
  private volatile long bytes;
  private long pageSize;

  final long bytes() {
    return bytes;
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
    bytes = length;
  }

  @Override
  public void zeroPage(RamBlock block, long offset) throws StillframeException {
    // A page that is sent again may be counted again; what was moved is the least there is.
    bytes = Math.max(1, bytes - pageSize);
  }
}
