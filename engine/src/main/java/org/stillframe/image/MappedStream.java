/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Iterator;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.DeviceSection;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedImage;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamWriter;
import org.stillframe.stream.StreamInput;

/**
 * Makes a plain migration stream of a mapped image. Pages of zeros are told too: memory that waits
 * for a guest is not always zero (firmware, for example), and who loads a stream relies on being
 * told. Used by one thread.
 */
final class MappedStream implements StreamInput.Supply {
  /** How long a section is at the most, in bytes. */
  static final int CHUNK = 1 << 20;

  /** Supplies a part of the image's own bytes. */
  @FunctionalInterface
  interface Range {
    /** The bytes from {@code begin} to before {@code end}. */
    StreamInput.Supply open(long begin, long end) throws StillframeException;
  }

  private enum Stage {
    HEAD,
    EARLY,
    PAGES,
    DEVICES
  }

  private final MappedImage image;
  private final MappedReader pages;
  private final Range range;
  private final RamWriter writer;
  private final Iterator<DeviceSection> early;
  private final ByteBuffer out = ByteBuffer.allocateDirect(CHUNK);
  private Stage stage = Stage.HEAD;
  private StreamInput.Supply part;

  // The run at hand, and how much of it is in the stream.
  private boolean inRun;
  private long done;

  MappedStream(MappedImage image, MappedReader pages, Range range) {
    this.image = image;
    this.pages = pages;
    this.range = range;
    early = image.summary().earlySections().iterator();
    writer = new RamWriter(image.summary().configuration().mapped(false), image.sectionId());
  }

  @Override
  public ByteBuffer next() throws StillframeException {
    switch (stage) {
      case HEAD -> {
        stage = Stage.EARLY;
        byte[] bytes = head(image, writer);
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
      }
      case EARLY -> {
        ByteBuffer chunk = earlyChunk();
        if (chunk != null) {
          return chunk;
        }
        stage = Stage.PAGES;
        return pageChunk();
      }
      case PAGES -> {
        return pageChunk();
      }
      default -> {
        return part.next();
      }
    }
  }

  /** All that stands before the early sections. */
  static byte[] head(MappedImage image, RamWriter writer) {
    // A list of blocks is no longer than this: each takes less than 512 bytes.
    int room = RamWriter.MAX_HEAD + 512 * image.blocks().size() + RamWriter.MAX_FRAME;
    ByteBuffer bytes = ByteBuffer.allocate(room);
    writer.begin(image.blocks().stream().map(MappedBlock::block).toList(), bytes);
    image.blocks().forEach(block -> writer.block(block.block(), bytes));
    writer.finish(bytes);
    return Arrays.copyOf(bytes.array(), bytes.position());
  }

  private ByteBuffer earlyChunk() throws StillframeException {
    for (; ; ) {
      ByteBuffer chunk = part == null ? null : part.next();
      if (chunk != null) {
        return chunk;
      }
      if (!early.hasNext()) {
        return null;
      }
      DeviceSection section = early.next();
      part = range.open(section.sectionOffset(), section.sectionOffset() + section.sectionLength());
    }
  }

  /** One section of records; the last is RAM's end, and the device part comes after it. */
  private ByteBuffer pageChunk() throws StillframeException {
    out.clear();
    writer.part(out);
    RamBlock named = null;
    while (inRun || nextRun()) {
      RamBlock block = pages.block().block();
      int pageSize = pages.block().pageSize();
      if (out.remaining() < RamWriter.RECORD + pageSize + RamWriter.MAX_FRAME) {
        writer.finish(out);
        return out.flip();
      }
      record(block, pageSize, block != named);
      named = block;
    }
    writer.finish(out);
    writer.end(out);
    writer.finish(out);
    stage = Stage.DEVICES;
    part = range.open(image.summary().devicesOffset(), image.summary().totalBytes());
    return out.flip();
  }

  private boolean nextRun() throws StillframeException {
    inRun = pages.next();
    done = 0;
    return inRun;
  }

  private void record(RamBlock block, int pageSize, boolean named) {
    ByteBuffer data = pages.data();
    long offset = pages.offset() + done;
    if (data == null) {
      writer.zeroPage(block, offset, named, out);
    } else {
      writer.page(block, offset, named, out);
      out.put(data.limit((int) done + pageSize).position((int) done));
    }
    done += pageSize;
    inRun = done < pages.length();
  }
}
