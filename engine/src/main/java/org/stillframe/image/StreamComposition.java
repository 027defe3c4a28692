/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.SharedCursor;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.ImageSummary;

/**
 * Makes an image of the layout stream of a mapped image: the same, byte for byte, as {@link
 * MappedStream} makes. Where each page goes is told by the bitmaps, so channels compose and store
 * different stretches at once. The stages follow each other, and are run by whoever asked for them.
 */
final class StreamComposition {
  private final MappedContents source;
  private final Target target;
  private final StateFile file;
  private final ImageHead head;
  private final StreamPlan plan;
  private final int channels;
  private StreamStretch left;
  private long share;
  private ImageSummary summary;

  StreamComposition(
      MappedContents source, Target target, StateFile file, ImageHead head, int channels) {
    this.source = source;
    this.target = target;
    this.file = file;
    this.head = head;
    this.channels = channels;
    plan = new StreamPlan(source.image());
  }

  /** The stages; at the end of the last one, the summary of what was made is given away. */
  List<List<ChannelTask>> stages(TransferCounter counter, Consumer<ImageSummary> made) {
    List<ChannelTask> composing = new ArrayList<>();
    for (int i = 0; i < channels; i++) {
      composing.add(new ComposeChannel(source, this, counter));
    }
    return List.of(List.of(this::begin), composing, List.of(() -> made.accept(summary)));
  }

  String name() {
    return target.name();
  }

  StateFile file() {
    return file;
  }

  ImageHead head() {
    return head;
  }

  StreamPlan plan() {
    return plan;
  }

  /**
   * Gives the next stretch to a channel: as long as the ranges of a copy, for the same reasons. Any
   * channel may ask at any time, once the first stage is through.
   *
   * @return false if there is none left
   */
  synchronized boolean next(StreamStretch stretch) {
    return stretch.takeFrom(left, share);
  }

  private void begin() throws StillframeException {
    ImageSummary from = source.image().summary();
    StreamPieces pieces = new StreamPieces(plan);
    while (pieces.next()) {
      // to the last one, the device part
    }
    long earlyShift =
        from.earlySections().isEmpty()
            ? 0
            : plan.head().length - from.earlySections().get(0).sectionOffset();
    summary =
        from.in(
            from.configuration().mapped(false),
            from.blocks().stream().map(StreamComposition::unplaced).toList(),
            earlyShift,
            pieces.position() - from.devicesOffset());
    left = StreamStretch.whole(plan, pieces.end());
    share = SharedCursor.share(pieces.end(), channels);
    try (IoQueue queue = file.openQueue(1, List.of())) {
      head.discardOlder(queue);
      if (target.kind() == TargetKind.REGULAR) {
        // At once: writes that do not extend a file do not wait for each other.
        file.truncate(pieces.end());
      }
    } catch (IOException e) {
      throw TransferFailures.of(name(), e);
    }
  }

  private static BlockSummary unplaced(BlockSummary block) {
    return new BlockSummary(
        block.block(), block.dataPages(), block.zeroPages(), 0, Optional.empty());
  }
}
