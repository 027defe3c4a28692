/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.channel.BufferPool;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedLayout;
import org.stillframe.stream.PageEncoding;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamInput;

/** Puts the pages of a stream in their places in a mapped image. Used by one thread. */
final class MappedRecorder extends Expectation {
  private final Target target;
  private final StateFile file;
  private final IoQueue queue;
  private final BufferPool pool;

  private Configuration configuration;
  private long sectionId;
  private MappedWriter writer;
  private PageChannel channel;
  private List<MappedBlock> blocks;
  private int pageSize;
  private int buffer = -1;
  private int filled;
  private long earlyOffset = -1;
  private long devicesOffset;

  MappedRecorder(Target target, StateFile file, IoQueue queue, BufferPool pool) {
    this.target = target;
    this.file = file;
    this.queue = queue;
    this.pool = pool;
  }

  @Override
  public void configuration(Configuration read) {
    super.configuration(read);
    configuration = read;
    pageSize = read.pageSize();
  }

  @Override
  public void ramSection(long id) {
    sectionId = id;
  }

  @Override
  public void ramBlocks(List<RamBlock> list) throws StillframeException {
    super.ramBlocks(list);
    begin(list);
  }

  private void begin(List<RamBlock> list) throws StillframeException {
    MappedLayout layout = new MappedLayout(configuration, sectionId, list);
    blocks = layout.blocks();
    channel = new PageChannel(target.name(), queue, pool);
    writer = new MappedWriter(layout, channel);
    if (target.kind() == TargetKind.REGULAR) {
      try {
        // At once: writes that do not extend a file are cheaper, and what is not written is a hole.
        file.truncate(layout.end());
      } catch (IOException e) {
        throw TransferFailures.of(target.name(), e);
      }
    }
  }

  @Override
  public void page(RamBlock block, long offset, StreamInput data) throws StillframeException {
    if (buffer < 0) {
      buffer = channel.take();
      filled = 0;
    }
    ByteBuffer bytes = channel.buffer(buffer).limit(filled + pageSize).position(filled);
    data.copyTo(bytes);
    channel.data(buffer, blocks.get(block.index()), offset, filled, pageSize);
    filled += pageSize;
    if (filled == bytes.capacity()) {
      giveBuffer();
    }
  }

  private void giveBuffer() throws StillframeException {
    if (buffer >= 0) {
      channel.done(buffer);
      buffer = -1;
    }
  }

  @Override
  public void zeroPage(RamBlock block, long offset) throws StillframeException {
    super.zeroPage(block, offset);
    channel.zero(blocks.get(block.index()), offset, pageSize);
  }

  @Override
  public void encodedPage(RamBlock block, long offset, PageEncoding encoding)
      throws StillframeException {
    throw new RequestException(
        ErrorCode.UNSUPPORTED,
        target.name() + ", RAM block " + block.name(),
        "a page came in the encoding "
            + encoding.capability()
            + ", and the layout mapped holds whole pages",
        "switch the capability "
            + encoding.capability()
            + " off at the source, or use the layout stream");
  }

  @Override
  public void earlySection(String name, long instance, byte[] bytes) throws StillframeException {
    if (earlyOffset < 0) {
      earlyOffset = writer.position();
    }
    writer.put(ByteBuffer.wrap(bytes));
  }

  /** The blocks in their places; they are known once the list was heard. */
  List<MappedBlock> blocks() {
    return blocks;
  }

  @Override
  public void multifdFlush() throws StillframeException {
    channel.drain();
  }

  @Override
  public void ramEnd() throws StillframeException {
    giveBuffer();
    writer.ramEnd();
  }

  @Override
  public void devices(long offset) {
    devicesOffset = writer.position();
  }

  @Override
  public void deviceBytes(ByteBuffer bytes) throws StillframeException {
    writer.put(bytes);
  }

  /**
   * Completes the file, once the stream was found whole.
   *
   * @param head takes the first bytes of the file, in whose place zeros are written
   * @param stream what the stream held
   * @return what the image holds
   */
  ImageSummary finish(ByteBuffer head, ImageSummary stream) throws StillframeException {
    writer.finish(head);
    long earlyShift =
        stream.earlySections().isEmpty()
            ? 0
            : earlyOffset - stream.earlySections().get(0).sectionOffset();
    return stream.in(
        configuration.mapped(true),
        writer.layout().summary(),
        earlyShift,
        devicesOffset - stream.devicesOffset());
  }
}
