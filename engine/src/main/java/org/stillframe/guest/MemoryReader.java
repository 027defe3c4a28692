/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.SharedCursor;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.MultifdSink;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamSink;
import org.stillframe.system.Descriptor;
import org.stillframe.system.PresentPages;
import org.stillframe.system.ProcessMemory;
import org.stillframe.system.SystemCalls;

/**
 * One channel that reads RAM out of QEMU's process, straight into buffers of the sink, or hands it
 * over where it lies if it is shared. What was never touched is not read.
 */
final class MemoryReader implements ChannelTask {
  private static final int PAGE = PresentPages.PAGE;

  /** What was never touched between two runs is read with them if it is shorter than this. */
  private static final int SMALL_GAP = 16 * PAGE;

  private final ZeroPages zeros = new ZeroPages();
  private final int index;
  private final String name;
  private final SystemCalls system;
  private final GuestMemory guest;
  private final ProcessMemory memory;
  private final Descriptor pageMap;
  private final List<SharedView> shared;
  private final SharedReader sharedReader;
  private final SharedCursor.Place portion;
  private final MultifdSink target;
  private final TransferCounter counter;
  private final Throttle throttle;

  /**
   * Reads.
   *
   * @param pageMap of the process, open to be read
   * @param shared stays mapped until this has run
   */
  MemoryReader(
      int index,
      SystemCalls system,
      GuestMemory guest,
      Descriptor pageMap,
      SharedRam shared,
      SharedCursor cursor,
      MultifdSink target,
      TransferCounter counter,
      Throttle throttle) {
    this.index = index;
    name = "memory channel " + index;
    this.guest = guest;
    this.pageMap = pageMap;
    this.target = target;
    this.counter = counter;
    this.throttle = throttle;
    this.system = system;
    this.shared = shared.views();
    sharedReader = new SharedReader(counter);
    memory = new ProcessMemory(system, guest.process());
    portion = cursor.place();
  }

  @Override
  public void run() throws StillframeException {
    PresentPages present = new PresentPages(system, pageMap);
    try (RamSink sink = target.sink(index)) {
      while (portion.next()) {
        SharedView view = shared.get(portion.index());
        if (view != null) {
          sharedReader.read(view, sink, area().block(), portion.offset(), portion.length());
        } else if (area().anonymous()) {
          readPresent(sink, present);
        } else {
          read(sink, 0, portion.length());
        }
        MultifdFailures.holdBack(throttle, name, (int) portion.length());
      }
      sink.drain();
    } catch (SystemCallException e) {
      throw guest.failure(area().block().name(), e);
    }
  }

  private GuestMemory.Area area() {
    return guest.areas().get(portion.index());
  }

  /** Reads what is there of the portion; the rest is zero. */
  private void readPresent(RamSink sink, PresentPages present)
      throws StillframeException, SystemCallException {
    long address = area().host().address() + portion.offset();
    int runs = present.look(address, portion.length());
    long done = 0;
    for (int run = 0; run < runs; ) {
      long begin = present.begin(run) - address;
      long end = present.end(run) - address;
      for (run++; run < runs && present.begin(run) - address - end < SMALL_GAP; run++) {
        end = present.end(run) - address;
      }
      zero(sink, done, begin);
      read(sink, begin, end);
      done = end;
    }
    zero(sink, done, portion.length());
  }

  private void zero(RamSink sink, long begin, long end) throws StillframeException {
    if (begin < end) {
      sink.zero(area().block(), portion.offset() + begin, end - begin);
    }
  }

  private void read(RamSink sink, long begin, long end)
      throws StillframeException, SystemCallException {
    RamBlock block = area().block();
    long address = area().host().address() + portion.offset();
    for (long done = begin; done < end; ) {
      ByteBuffer buffer = sink.take();
      int length = (int) Math.min(buffer.capacity(), end - done);
      memory.range(address + done, length);
      memory.read(buffer.clear(), 0, length);
      store(sink, block, portion.offset() + done, buffer, length);
      counter.add(length);
      sink.give(buffer);
      done += length;
    }
  }

  /** Hands on runs of pages that are zero, and of pages that are not. */
  private void store(RamSink sink, RamBlock block, long offset, ByteBuffer buffer, int length)
      throws StillframeException {
    for (int begin = 0; begin < length; ) {
      boolean zero = zeros.isZero(buffer, begin);
      int end = zeros.endOfRun(buffer, begin, zero, length);
      if (zero) {
        sink.zero(block, offset + begin, end - begin);
      } else {
        sink.pages(block, offset + begin, buffer, begin, end - begin);
      }
      begin = end;
    }
  }
}
