/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
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

/** A small guest in memory, to be sent and received without a QEMU. */
class MemoryGuest implements MultifdSink, MultifdSource {
  static final int PAGE = 4096;

  final List<RamBlock> blocks =
      List.of(
          new RamBlock(0, "pc.ram", 700 * PAGE, OptionalLong.empty()),
          new RamBlock(1, "pc.bios", 5 * PAGE, OptionalLong.empty()));
  final List<ByteBuffer> memory =
      blocks.stream().map(b -> ByteBuffer.allocateDirect((int) b.usedLength())).toList();
  final AtomicInteger runs = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger cursor = new AtomicInteger();
  private final byte[] devices;

  MemoryGuest(byte[] devices) {
    this.devices = devices;
  }

  /** Fills memory: pages of zeros and others, in runs of random lengths. */
  MemoryGuest filled(Random random) {
    for (ByteBuffer block : memory) {
      for (int at = 0; at < block.capacity(); ) {
        int end = Math.min(block.capacity(), at + (1 + random.nextInt(40)) * PAGE);
        boolean zero = random.nextBoolean();
        for (; at < end; at += PAGE) {
          block.putLong(at, zero ? 0 : 1 + random.nextInt(1 << 30));
          block.putLong(at + PAGE - 8, zero ? 0 : random.nextLong());
        }
      }
    }
    return this;
  }

  @Override
  public StreamListener listener() {
    return new StreamListener() {
      @Override
      public void zeroPage(RamBlock block, long offset) {
        memory.get(block.index()).put((int) offset, new byte[PAGE]);
      }
    };
  }

  /** What {@link RamSink#pages} does. */
  void store(RamBlock block, long offset, ByteBuffer from, int position, int length)
      throws StillframeException {
    memory.get(block.index()).put((int) offset, from, position, length);
    runs.incrementAndGet();
  }

  @Override
  public RamSink sink(int index) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(PagePacket.PAYLOAD_LIMIT);
    return new RamSink() {
      @Override
      public ByteBuffer take() {
        return buffer;
      }

      @Override
      public void pages(RamBlock block, long offset, ByteBuffer from, int position, int length)
          throws StillframeException {
        store(block, offset, from, position, length);
      }

      @Override
      public void lend(RamBlock block, long offset, ByteBuffer from, int position, int length)
          throws StillframeException {
        store(block, offset, from, position, length);
      }

      @Override
      public void zero(RamBlock block, long offset, long length) {
        memory.get(block.index()).put((int) offset, new byte[(int) length]);
      }

      @Override
      public void give(ByteBuffer given) {}

      @Override
      public void drain() {}

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  @Override
  public Configuration configuration() {
    return new Configuration("pc-q35-7.2", PAGE, List.of(), Optional.empty(), false);
  }

  @Override
  public long sectionId() {
    return 1;
  }

  @Override
  public List<RamBlock> blocks() {
    return blocks;
  }

  @Override
  public byte[] earlySections() {
    return new byte[0];
  }

  @Override
  public RamSource source(int index, RamPlaces places) {
    ByteBuffer data = ByteBuffer.allocateDirect(PagePacket.PAYLOAD_LIMIT);
    ByteBuffer zeros = ByteBuffer.allocateDirect(PAGE);
    return new RamSource() {
      @Override
      public boolean next(PageBatch batch) {
        // The pages of all blocks, in steps of a few.
        int first = cursor.getAndAdd(8);
        RamBlock block = blocks.get(first < 704 ? 0 : 1);
        int from = first < 704 ? first : first - 704;
        batch.begin(block);
        data.clear();
        for (int page = from; page < from + 8 && page * PAGE < block.usedLength(); page++) {
          ByteBuffer bytes = memory.get(block.index()).slice(page * PAGE, PAGE);
          if (bytes.equals(zeros.clear())) {
            batch.zero((long) page * PAGE);
          } else {
            batch.page((long) page * PAGE);
            data.put(bytes);
          }
        }
        batch.data(data.flip());
        return batch.pages() + batch.zeroPages() > 0;
      }

      @Override
      public void close() {
        closed.incrementAndGet();
      }
    };
  }

  @Override
  public StreamInput.Supply devices() {
    ByteBuffer all = ByteBuffer.allocateDirect(devices.length).put(devices).flip();
    return () -> all.hasRemaining() ? all : null;
  }
}
