/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.BufferShape;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.SharedCursor;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.DeviceSection;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedLayout;
import org.stillframe.stream.StreamInput;

/**
 * Makes a mapped image of another, as {@link MappedRecorder} would make it of the same guest. The
 * stages follow each other, and are run by whoever asked for them.
 */
final class MappedCopy {
  /** With which what stands around the pages is copied, on either side. */
  private static final BufferShape BUFFERS = new BufferShape(4, 1 << 20, 4096);

  private final MappedContents source;
  private final Target target;
  private final StateFile file;
  private final ImageHead head;
  private MappedLayout layout;

  MappedCopy(MappedContents source, Target target, StateFile file, ImageHead head) {
    this.source = source;
    this.target = target;
    this.file = file;
    this.head = head;
  }

  /** The stages; at the end of the last one, the summary of what was made is given away. */
  List<List<ChannelTask>> stages(
      int channels, TransferCounter counter, Consumer<ImageSummary> summary) {
    long[] lengths =
        source.image().blocks().stream().mapToLong(each -> each.block().usedLength()).toArray();
    long share = SharedCursor.share(LongStream.of(lengths).sum(), channels);
    SharedCursor cursor = new SharedCursor(lengths, share);
    List<ChannelTask> copying = new ArrayList<>();
    for (int i = 0; i < channels; i++) {
      copying.add(new CopyChannel(source, this, cursor, counter));
    }
    return List.of(List.of(this::begin), copying, List.of(() -> summary.accept(finish())));
  }

  String name() {
    return target.name();
  }

  StateFile file() {
    return file;
  }

  /** Where the pages go, in the order of the source's blocks; once the first stage is through. */
  List<MappedBlock> blocks() {
    return layout.blocks();
  }

  private void begin() throws StillframeException {
    Configuration configuration = source.image().summary().configuration();
    layout =
        new MappedLayout(
            configuration,
            source.image().sectionId(),
            source.image().blocks().stream().map(MappedBlock::block).toList());
    try (IoQueue queue = file.openQueue(1, List.of())) {
      head.discardOlder(queue);
      if (target.kind() == TargetKind.REGULAR) {
        file.truncate(layout.end());
      }
    } catch (IOException e) {
      throw TransferFailures.of(name(), e);
    }
  }

  private ImageSummary finish() throws StillframeException {
    BufferPool readPool = new BufferPool(BUFFERS, source.file());
    BufferPool writePool = new BufferPool(BUFFERS, file);
    try (IoQueue reads = source.file().openQueue(BUFFERS.count(), readPool.all());
        IoQueue writes = file.openQueue(BUFFERS.count(), writePool.all())) {
      ImageSummary from = source.image().summary();
      MappedWriter writer = new MappedWriter(layout, new PageChannel(name(), writes, writePool));
      long earlyShift = 0;
      for (DeviceSection section : from.earlySections()) {
        if (section == from.earlySections().get(0)) {
          earlyShift = writer.position() - section.sectionOffset();
        }
        long begin = section.sectionOffset();
        copy(reads, readPool, begin, begin + section.sectionLength(), writer);
      }
      writer.ramEnd();
      long deviceShift = writer.position() - from.devicesOffset();
      copy(reads, readPool, from.devicesOffset(), from.totalBytes(), writer);
      writer.finish(head.bytes());
      return from.in(from.configuration().mapped(true), layout.summary(), earlyShift, deviceShift);
    } catch (IOException e) {
      throw TransferFailures.of(name(), e);
    }
  }

  private void copy(IoQueue reads, BufferPool pool, long begin, long end, MappedWriter writer)
      throws StillframeException {
    StreamInput.Supply part =
        new StreamReader(source.name(), reads, pool, new TransferCounter(), begin, end);
    for (ByteBuffer chunk = part.next(); chunk != null; chunk = part.next()) {
      writer.put(chunk.duplicate());
    }
  }
}
