/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamSink;

/**
 * Hands RAM to a sink where it lies, in a mapping that QEMU shares. What was never touched is not
 * read. Used by one thread.
 */
final class SharedReader {
  /** So much goes to the storage at once, in bytes. */
  private static final int REQUEST = 1 << 20;

  /** So much is touched before any of it is let go, in bytes. */
  private static final long HELD = 48L << 20;

  private final ZeroPages zeros = new ZeroPages();
  private final TransferCounter counter;
  private SharedView last;
  private long released;

  SharedReader(TransferCounter counter) {
    this.counter = counter;
  }

  /**
   * Hands over a range that does not go across whole GiB. What it holds must stay as it is until
   * the sink was drained or closed.
   */
  void read(SharedView view, RamSink sink, RamBlock block, long offset, long length)
      throws StillframeException, SystemCallException {
    long end = offset + length;
    view.requireThere(end);
    try {
      for (long at = offset; at < end; ) {
        DataMap.Extent extent = view.extent(at);
        long next = Math.min(end, extent.end());
        if (extent.isData()) {
          view.provide(at, next - at);
          store(view, sink, block, at, next);
        } else {
          sink.zero(block, at, next - at);
        }
        at = next;
      }
    } catch (InternalError e) {
      throw view.broken(e);
    }
    release(view, offset);
  }

  /** What lies well behind is stored, or with the storage, which needs it here no more. */
  private void release(SharedView view, long offset) {
    if (view != last) {
      last = view;
      released = 0;
    }
    if (offset - released >= HELD) {
      view.release(released, offset - released);
      released = offset;
    }
  }

  private void store(SharedView view, RamSink sink, RamBlock block, long begin, long end)
      throws StillframeException {
    ByteBuffer window = view.window(begin);
    for (long at = begin; at < end; ) {
      int position = SharedView.position(at);
      int most = position + (int) Math.min(REQUEST, end - at);
      boolean zero = zeros.isZero(window, position);
      int length = zeros.endOfRun(window, position, zero, most) - position;
      if (zero) {
        sink.zero(block, at, length);
      } else {
        sink.lend(block, at, window, position, length);
      }
      counter.add(length);
      at += length;
    }
  }
}
