/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.PageBatch;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamPlaces;
import org.stillframe.system.PresentPages;

/** The places of pages in RAM that QEMU shares, for one thread. */
final class SharedPlaces implements RamPlaces {
  private final ZeroPages zeros = new ZeroPages();
  private final Map<String, SharedView> views = new HashMap<>();

  SharedPlaces(GuestMemory memory, SharedRam shared) {
    List<SharedView> all = shared.views();
    for (GuestMemory.Area area : memory.areas()) {
      SharedView view = all.get(area.block().index());
      if (view != null) {
        views.put(area.block().name(), view);
      }
    }
  }

  @Override
  public ByteBuffer place(RamBlock block, long offset, int length) {
    SharedView view = view(block);
    if (view == null) {
      return null;
    }
    int position = SharedView.position(offset);
    return view.window(offset).limit(position + length).position(position);
  }

  /** Null where pages are copied. */
  private SharedView view(RamBlock block) {
    SharedView view = views.get(block.name());
    return view != null && block.usedLength() == view.length() ? view : null;
  }

  /** Lets go of the places of the batch's pages, which were read. */
  void release(PageBatch batch) {
    SharedView view = view(batch.block());
    if (view != null && batch.pages() > 0) {
      long begin = batch.offset(0);
      view.release(begin, batch.offset(batch.pages() - 1) + batch.pageSize() - begin);
    }
  }

  /**
   * Clears the batch's pages of zeros where there is something else.
   *
   * @return false if its block has no places here
   */
  boolean clear(PageBatch batch) throws StillframeException, SystemCallException {
    SharedView view = view(batch.block());
    if (view == null) {
      return false;
    }
    try {
      if (batch.emptyLength() > 0) {
        clear(view, batch.emptyOffset(), batch.emptyOffset() + batch.emptyLength());
      }
      int first = 0;
      for (int i = 1; i <= batch.zeroPages(); i++) {
        long end = batch.zeroOffset(i - 1) + batch.pageSize();
        if (i == batch.zeroPages() || batch.zeroOffset(i) != end) {
          clear(view, batch.zeroOffset(first), end);
          first = i;
        }
      }
    } catch (InternalError e) {
      throw view.broken(e);
    }
    return true;
  }

  private void clear(SharedView view, long begin, long end)
      throws StillframeException, SystemCallException {
    view.requireThere(end);
    for (long at = begin; at < end; ) {
      DataMap.Extent extent = view.extent(at);
      long next = Math.min(end, extent.end());
      if (extent.isData()) {
        view.provide(at, next - at);
        clear(view.window(at), SharedView.position(at), (int) (next - at));
        view.release(at, next - at);
      }
      at = next;
    }
  }

  private void clear(ByteBuffer window, int begin, int length) {
    for (int at = begin; at < begin + length; at += PresentPages.PAGE) {
      if (!zeros.isZero(window, at)) {
        zeros.clear(window, at);
      }
    }
  }
}
