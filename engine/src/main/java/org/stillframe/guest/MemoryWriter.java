/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
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
  private static final int PAGE = PresentPages.PAGE;

  private final int index;
  private final SystemCalls system;
  private final GuestMemory guest;
  private final Map<String, GuestMemory.Area> areas;
  private final ProcessMemory memory;
  private final Descriptor pageMap;
  private final SharedPlaces places;
  private final MultifdSource source;
  private final TransferCounter counter;
  private final ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE);
  private final ByteBuffer found = ByteBuffer.allocateDirect(PAGE);

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
    this.pageMap = pageMap;
    this.source = source;
    this.counter = counter;
    this.system = system;
    places = new SharedPlaces(guest, shared);
    memory = new ProcessMemory(system, guest.process());
  }

  @Override
  public void run() throws StillframeException {
    PresentPages present = new PresentPages(system, pageMap);
    PageBatch batch = new PageBatch(source.configuration().pageSize());
    String block = "";
    try (RamSource pages = source.source(index, places)) {
      while (pages.next(batch)) {
        block = batch.block().name();
        GuestMemory.Area area = areas.get(block);
        write(area, batch);
        clear(area, batch, present);
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
  private void clear(GuestMemory.Area area, PageBatch batch, PresentPages present)
      throws StillframeException, SystemCallException {
    if (batch.zeroPages() == 0 || places.clear(batch)) {
      return;
    }
    long begin = area.host().address() + batch.zeroOffset(0);
    long last = area.host().address() + batch.zeroOffset(batch.zeroPages() - 1);
    if (area.anonymous() && present.look(begin, last + batch.pageSize() - begin) == 0) {
      return;
    }
    for (int i = 0; i < batch.zeroPages(); i++) {
      for (int part = 0; part < batch.pageSize(); part += PAGE) {
        long address = area.host().address() + batch.zeroOffset(i) + part;
        if (!area.anonymous() || present.isPresent(address)) {
          clear(address);
        }
      }
    }
  }

  private void clear(long address) throws SystemCallException {
    memory.range(address, PAGE);
    memory.read(found.clear(), 0, PAGE);
    if (!found.equals(zeros.clear())) {
      memory.range(address, PAGE);
      memory.write(zeros, 0, PAGE);
    }
  }
}
