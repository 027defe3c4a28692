/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.util.Map;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.PageBatch;
import org.stillframe.stream.RamSource;
import org.stillframe.system.Descriptor;
import org.stillframe.system.PresentPages;
import org.stillframe.system.ProcessMemory;
import org.stillframe.system.SystemCalls;

/**
 * One channel that writes RAM into QEMU's process, straight from buffers of the source, or has it
 * read to where it belongs if it is shared. Pages of zeros are written where QEMU has something
 * else; memory that was never touched is zero.
 */
final class MemoryWriter implements ChannelTask {
  private final int index;
  private final GuestMemory guest;
  private final Map<String, GuestMemory.Area> areas;
  private final ProcessMemory memory;
  private final MemoryZeros zeros;
  private final SharedPlaces places;
  private final MultifdSource source;
  private final TransferCounter counter;
  // Runs of zeros, by their addresses.
  private long[] begins = {};
  private long[] ends = {};

  MemoryWriter(
      int index,
      SystemCalls system,
      GuestMemory guest,
      Map<String, GuestMemory.Area> areas,
      Descriptor pageMap,
      SharedRam shared,
      MultifdSource source,
      TransferCounter counter) {
    this.index = index;
    this.guest = guest;
    this.areas = areas;
    this.source = source;
    this.counter = counter;
    zeros = new MemoryZeros(system, guest.process(), new PresentPages(system, pageMap));
    places = new SharedPlaces(guest, shared);
    memory = new ProcessMemory(system, guest.process());
  }

  @Override
  public void run() throws StillframeException {
    PageBatch batch = new PageBatch(source.configuration().pageSize(), true);
    begins = new long[batch.room()];
    ends = new long[batch.room()];
    String block = "";
    try (RamSource pages = source.source(index, places)) {
      while (pages.next(batch)) {
        block = batch.block().name();
        GuestMemory.Area area = areas.get(block);
        write(area, batch);
        clear(area, batch);
        places.release(batch);
        counter.add(batch.dataLength());
      }
    } catch (SystemCallException e) {
      throw guest.failure(block, e);
    }
  }

  private void write(GuestMemory.Area area, PageBatch batch) throws SystemCallException {
    if (batch.data() == null) {
      return;
    }
    int pageSize = batch.pageSize();
    int first = 0;
    for (int i = 1; i <= batch.pages(); i++) {
      if (i == batch.pages() || batch.offset(i) != batch.offset(i - 1) + pageSize) {
        memory.range(area.host().address() + batch.offset(first), (long) (i - first) * pageSize);
        first = i;
      }
    }
    if (first > 0) {
      memory.write(batch.data(), batch.data().position(), batch.dataLength());
    }
  }

  /** Firmware may stand where the saved guest had zeros. */
  private void clear(GuestMemory.Area area, PageBatch batch)
      throws StillframeException, SystemCallException {
    if (places.clear(batch)) {
      return;
    }
    long base = area.host().address();
    int runs = 0;
    if (batch.emptyLength() > 0) {
      begins[0] = base + batch.emptyOffset();
      ends[runs++] = begins[0] + batch.emptyLength();
    }
    for (int i = 0; i < batch.zeroPages(); i++) {
      long address = base + batch.zeroOffset(i);
      if (runs == 0 || ends[runs - 1] != address) {
        begins[runs++] = address;
      }
      ends[runs - 1] = address + batch.pageSize();
    }
    zeros.clear(begins, ends, runs, area.anonymous());
  }
}
