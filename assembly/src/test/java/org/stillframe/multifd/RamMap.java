/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.multifd;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.MultifdSink;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.PageBatch;
import org.stillframe.stream.PagePacket;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamPlaces;
import org.stillframe.stream.RamSink;
import org.stillframe.stream.RamSource;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamListener;

/** A guest in memory: takes one from a QEMU and gives it to another. */
final class RamMap implements MultifdSink, MultifdSource {
  private static final int PAGE = 4096;

  /** Pages that a channel looks at before the next takes over. */
  private static final int STRIPE = 64;

  final AtomicLong runs = new AtomicLong();
  final AtomicLong pages = new AtomicLong();
  final AtomicLong zerosInChannels = new AtomicLong();
  final AtomicLong zerosInMain = new AtomicLong();
  final AtomicLong sentPages = new AtomicLong();
  final AtomicLong flushes = new AtomicLong();

  /** Whether to send pages of zeros, which a fresh QEMU can do without. */
  volatile boolean zeroPagesToo = true;

  /** Runs when a channel has sent a batch of pages and asks for its next. */
  volatile Runnable whenAskedAgain = () -> {};

  /** Runs before the list of blocks is sent. */
  volatile Callable<Void> beforeList = () -> null;

  /** Runs before pages are stored. */
  volatile Store beforeStore = () -> {};

  private final ByteArrayOutputStream devices = new ByteArrayOutputStream();
  private final ByteArrayOutputStream early = new ByteArrayOutputStream();
  private final List<ByteBuffer> memory = new ArrayList<>();
  private volatile Configuration configuration;
  private volatile List<RamBlock> blocks;
  private volatile long sectionId;
  private int channels;

  /** What may fail. */
  interface Store {
    void check() throws StillframeException;
  }

  /** Says how many channels will ask for pages. */
  RamMap toSend(int count) {
    channels = count;
    return this;
  }

  @Override
  public StreamListener listener() {
    return new StreamListener() {
      @Override
      public void configuration(Configuration read) {
        configuration = read;
      }

      @Override
      public void ramBlocks(List<RamBlock> list) {
        list.forEach(block -> memory.add(ByteBuffer.allocateDirect((int) block.usedLength())));
        blocks = list;
      }

      @Override
      public void zeroPage(RamBlock block, long offset) {
        zerosInMain.incrementAndGet();
        memory.get(block.index()).put((int) offset, new byte[PAGE]);
      }

      @Override
      public void multifdFlush() {
        flushes.incrementAndGet();
      }

      @Override
      public void ramSection(long id) {
        sectionId = id;
      }

      @Override
      public void deviceBytes(ByteBuffer bytes) {
        byte[] copy = new byte[bytes.remaining()];
        bytes.get(copy);
        devices.writeBytes(copy);
      }

      @Override
      public void earlySection(String name, long instance, byte[] bytes) {
        early.writeBytes(bytes);
      }
    };
  }

  @Override
  public RamSink sink(int index) {
    return new Sink();
  }

  @Override
  public Configuration configuration() {
    return configuration;
  }

  @Override
  public List<RamBlock> blocks() {
    try {
      beforeList.call();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return blocks;
  }

  @Override
  public long sectionId() {
    return sectionId;
  }

  @Override
  public byte[] earlySections() {
    return early.toByteArray();
  }

  @Override
  public RamSource source(int index, RamPlaces places) {
    return new Source(index);
  }

  @Override
  public StreamInput.Supply devices() {
    byte[] all = devices.toByteArray();
    ByteBuffer part = ByteBuffer.allocateDirect(all.length).put(all).flip();
    return () -> part.hasRemaining() ? part : null;
  }

  private final class Sink implements RamSink {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(PagePacket.PAYLOAD_LIMIT);
    private boolean taken;

    @Override
    public ByteBuffer take() {
      if (taken) {
        throw new AssertionError("taken twice and not given back");
      }
      taken = true;
      return buffer;
    }

    @Override
    public void pages(RamBlock block, long offset, ByteBuffer from, int position, int length)
        throws StillframeException {
      beforeStore.check();
      memory.get(block.index()).put((int) offset, from, position, length);
      runs.incrementAndGet();
      pages.addAndGet(length / PAGE);
    }

    @Override
    public void lend(RamBlock block, long offset, ByteBuffer from, int position, int length)
        throws StillframeException {
      pages(block, offset, from, position, length);
    }

    @Override
    public void zero(RamBlock block, long offset, long length) {
      memory.get(block.index()).put((int) offset, new byte[(int) length]);
      zerosInChannels.addAndGet(length / PAGE);
    }

    @Override
    public void give(ByteBuffer given) {
      taken = false;
    }

    @Override
    public void drain() {
      if (taken) {
        throw new AssertionError("drained with a buffer in hand");
      }
    }

    @Override
    public void close() {}
  }

  /** Every so-manieth stripe of every block; pages of zeros too. */
  private final class Source implements RamSource {
    private final ByteBuffer data = ByteBuffer.allocateDirect(PagePacket.PAYLOAD_LIMIT);
    private final ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE);
    private int block;
    private long stripe;
    private int asked;

    Source(int index) {
      stripe = index;
    }

    @Override
    public boolean next(PageBatch batch) throws StillframeException {
      if (asked++ == 1) {
        whenAskedAgain.run();
      }
      while (block < blocks.size()) {
        RamBlock of = blocks.get(block);
        long first = stripe * STRIPE * PAGE;
        if (first < of.usedLength()) {
          fill(batch, of, first);
          stripe += channels;
          return true;
        }
        block++;
        // The next block goes on where this one's stripes ended, so that small ones are shared.
        stripe %= channels;
      }
      return false;
    }

    private void fill(PageBatch batch, RamBlock of, long first) {
      batch.begin(of);
      data.clear();
      long end = Math.min(of.usedLength(), first + (long) STRIPE * PAGE);
      for (long offset = first; offset < end; offset += PAGE) {
        ByteBuffer page = memory.get(of.index()).slice((int) offset, PAGE);
        if (page.equals(zeros.clear())) {
          if (zeroPagesToo) {
            batch.zero(offset);
          }
        } else {
          batch.page(offset);
          data.put(page);
          sentPages.incrementAndGet();
        }
      }
      batch.data(data.flip());
    }

    @Override
    public void close() {}
  }
}
