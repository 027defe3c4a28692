/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamInput;
import org.stillframe.system.Descriptor;
import org.stillframe.system.GatheredWrite;
import org.stillframe.system.PresentPages;
import org.stillframe.system.SystemCalls;

/**
 * Writes the RAM of a stream into QEMU's process, straight out of the buffers in which it was read.
 *
 * <p>What was told since the last write is kept apart: pieces of data, and runs of zeros. No page
 * is in it twice, as a record that does not lie behind the one before has all of it written first.
 * So a page that comes again is the later one.
 */
final class MemoryIntake extends StreamIntake {
  private static final int MAX_RUNS = 1024;

  private final GuestMemory guest;
  private final GatheredWrite data;
  private final MemoryZeros zeros;

  /** A page that did not stand in one piece. */
  private ByteBuffer copy;

  private boolean copied;
  private int pageSize;
  private GuestMemory.Area[] areas = {};

  // The last record.
  private int lastBlock = -1;
  private long lastOffset;

  // Runs of zeros, by their addresses; all of one block.
  private final long[] begins = new long[MAX_RUNS];
  private final long[] ends = new long[MAX_RUNS];
  private int runs;

  MemoryIntake(SystemCalls system, GuestMemory guest, Descriptor pageMap) {
    super("memory");
    this.guest = guest;
    data = new GatheredWrite(system, guest.process());
    zeros = new MemoryZeros(system, guest.process(), new PresentPages(system, pageMap));
  }

  @Override
  public void configuration(Configuration read) throws StillframeException {
    super.configuration(read);
    pageSize = read.pageSize();
    MemoryLoad.requirePages(read);
    copy = ByteBuffer.allocateDirect(pageSize);
  }

  @Override
  public void ramBlocks(List<RamBlock> list) throws StillframeException {
    super.ramBlocks(list);
    Map<String, GuestMemory.Area> byName = MemoryLoad.match(guest, list);
    areas = list.stream().map(block -> byName.get(block.name())).toArray(GuestMemory.Area[]::new);
  }

  @Override
  public void earlySection(String name, long instance, byte[] bytes) throws StillframeException {
    throw MemoryLoad.early();
  }

  @Override
  public void page(RamBlock block, long offset, StreamInput input) throws StillframeException {
    follow(block, offset);
    long address = areas[block.index()].host().address() + offset;
    ByteBuffer page = input.inPlace(pageSize);
    if (page != null) {
      keep(page, page.position(), address);
      input.skip(pageSize);
    } else {
      if (copied) {
        write();
      }
      // This may write what is kept.
      input.copyTo(copy.clear());
      keep(copy, 0, address);
      copied = true;
    }
    if (data.isFull()) {
      write();
    }
  }

  private void keep(ByteBuffer from, int position, long address) throws StillframeException {
    try {
      data.add(from, position, address, pageSize);
    } catch (SystemCallException e) {
      throw guest.failure(areas[lastBlock].block().name(), e);
    }
  }

  @Override
  public void zeroPage(RamBlock block, long offset) throws StillframeException {
    follow(block, offset);
    long address = areas[block.index()].host().address() + offset;
    if (runs == 0 || ends[runs - 1] != address) {
      if (runs == MAX_RUNS) {
        write();
      }
      begins[runs++] = address;
    }
    ends[runs - 1] = address + pageSize;
  }

  private void follow(RamBlock block, long offset) throws StillframeException {
    if (block.index() != lastBlock || offset <= lastOffset) {
      write();
      lastBlock = block.index();
    }
    lastOffset = offset;
  }

  /** Writes all that is kept. */
  private void write() throws StillframeException {
    if (lastBlock < 0) {
      return;
    }
    GuestMemory.Area area = areas[lastBlock];
    try {
      if (!data.isEmpty()) {
        data.write();
      }
      copied = false;
      zeros.clear(begins, ends, runs, area.anonymous());
      runs = 0;
    } catch (SystemCallException e) {
      throw guest.failure(area.block().name(), e);
    }
  }

  @Override
  public void release() throws StillframeException {
    write();
  }

  @Override
  public void ramEnd() throws StillframeException {
    write();
  }

  @Override
  public void whole() {}
}
