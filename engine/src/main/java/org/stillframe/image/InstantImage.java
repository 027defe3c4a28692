/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.Supervision;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.SystemCallException;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MainBlock;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedImage;
import org.stillframe.stream.MappedParser;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamKind;
import org.stillframe.system.Connection;
import org.stillframe.system.FileCalls;

/**
 * A mapped image whose page area can be a guest's main memory as it stands, mapped copy-on-write.
 * As a stream it is played without that memory: QEMU's loader asks for no page that does not come,
 * and leaves as it is what it was not told of. Used by one thread after another.
 */
public final class InstantImage implements Playable {
  private static final int BUFFERS = 2;
  private static final int BUFFER = 256 << 10;
  private static final String COPY = "make an image of it that can serve: stillframe convert";

  private final FileCalls files;
  private final Target target;
  private final MappedImage image;
  private final MappedBlock main;

  private InstantImage(FileCalls files, Target target, MappedImage image, MappedBlock main) {
    this.files = files;
    this.target = target;
    this.image = image;
    this.main = main;
  }

  /**
   * Looks at all that makes an image fit for it.
   *
   * @param target open to be read
   * @param watch is looked at now and then where that takes long
   * @throws RequestException UNSUPPORTED with the reason, if the image is sound and cannot serve
   * @throws org.stillframe.error.DamagedException if it is cut, damaged or none
   */
  public static InstantImage open(FileCalls files, Target target, Supervision.Watch watch)
      throws StillframeException {
    try {
      requireFile(files, target);
      MappedImage image =
          new MappedParser().parse(new DescriptorBytes(files, target, watch), false);
      if (!image.summary().earlySections().isEmpty()) {
        throw refused(
            target.name(),
            "it has devices whose state must be loaded before RAM: "
                + image.summary().earlySections().stream()
                    .map(section -> section.name())
                    .collect(Collectors.joining(", ")),
            "restore it without --mode instant");
      }
      MappedBlock main = main(target, image);
      requireAligned(files, target, main);
      requireClean(files, target, main, watch);
      return new InstantImage(files, target, image, main);
    } catch (StillframeException e) {
      throw TransferFailures.named(target.name(), e);
    } catch (SystemCallException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }

  private static void requireFile(FileCalls files, Target target)
      throws StillframeException, SystemCallException {
    if (target.kind() != TargetKind.REGULAR) {
      throw refused(
          target.name(),
          "it is a " + target.kind().label() + ", and RAM can be mapped from a regular file alone",
          COPY + " " + target.name() + " COPY");
    }
    if (target.fileSystem().equals("hugetlbfs")) {
      throw refused(
          target.name(),
          "it lies on hugetlbfs, where nothing can be mapped page by page",
          COPY + " " + target.name() + " COPY, elsewhere");
    }
    ByteBuffer head = ByteBuffer.allocateDirect(StreamKind.HEAD_LENGTH);
    files.read(target.descriptor(), head, 0);
    StreamKind kind = StreamKind.of(head.flip());
    if (kind == StreamKind.QEMU_STREAM) {
      throw refused(
          target.name(),
          "it is of the layout stream, where pages have no places of their own",
          COPY + " " + target.name() + " COPY");
    }
    if (kind != StreamKind.QEMU_MAPPED_RAM) {
      ImageEnds.require(target.name(), kind);
    }
  }

  private static MappedBlock main(Target target, MappedImage image) throws RequestException {
    List<RamBlock> found =
        MainBlock.candidates(image.blocks().stream().map(MappedBlock::block).toList());
    if (found.size() != 1) {
      throw refused(
          target.name(),
          found.isEmpty()
              ? "no block of its RAM has a name that main memory could have"
              : "its RAM is "
                  + found.stream().map(RamBlock::name).collect(Collectors.joining(", "))
                  + ": guests with NUMA nodes or plugged memory, of several blocks, are not"
                  + " supported",
          "restore it without --mode instant");
    }
    return image.blocks().get(found.get(0).index());
  }

  private static void requireAligned(FileCalls files, Target target, MappedBlock main)
      throws RequestException, SystemCallException {
    long page = files.pageSize();
    if (main.position(0) % page != 0 || main.block().usedLength() % page != 0) {
      throw refused(
          place(target, main, main.position(0)),
          "its page area does not begin and end at whole pages of this host, of " + page + " bytes",
          COPY + " " + target.name() + " COPY");
    }
  }

  private static void requireClean(
      FileCalls files, Target target, MappedBlock main, Supervision.Watch watch)
      throws StillframeException, SystemCallException {
    OptionalLong stale = new SlotSearch(files, target.descriptor(), watch).stale(main);
    if (stale.isPresent()) {
      long offset = stale.getAsLong() - main.position(0);
      throw refused(
          place(target, main, stale.getAsLong()),
          "the page at "
              + offset / main.pageSize() * main.pageSize()
              + " of the block is zero by its bitmap, and older bytes stand in its slot, as QEMU"
              + " leaves them when it saves a guest that runs",
          COPY + " " + target.name() + " COPY");
    }
  }

  private static String place(Target target, MappedBlock block, long at) {
    return target.name() + " at byte " + at + ", RAM block " + block.block().name();
  }

  private static RequestException refused(String what, String why, String remedy) {
    return new RequestException(
        ErrorCode.UNSUPPORTED, what, "it cannot be restored at once: " + why, remedy);
  }

  /** The file, open to be read. */
  public Target target() {
    return target;
  }

  /** The main memory, and where it stands in the file. */
  public MappedBlock main() {
    return main;
  }

  /** All blocks of RAM. */
  public List<RamBlock> blocks() {
    return image.blocks().stream().map(MappedBlock::block).toList();
  }

  @Override
  public void play(Connection sink, TransferCounter counter) throws StillframeException {
    List<MappedBlock> others = image.blocks().stream().filter(block -> block != main).toList();
    BufferPool pages = new BufferPool(BUFFERS, BUFFER, main.pageSize());
    BufferPool parts = new BufferPool(BUFFERS, BUFFER, main.pageSize());
    try (IoQueue pageQueue = queue();
        IoQueue partQueue = queue()) {
      TransferCounter uncounted = new TransferCounter();
      MappedStream stream =
          new MappedStream(
              image,
              new MappedReader(target.name(), pageQueue, pages, others),
              (begin, end) ->
                  new StreamReader(target.name(), partQueue, parts, uncounted, begin, end));
      StreamPlayer player = new StreamPlayer(stream, sink);
      for (ByteBuffer chunk = player.next(); chunk != null; chunk = player.next()) {
        // It is sent when the next is asked for.
        counter.add(chunk.remaining());
      }
    } catch (StillframeException e) {
      throw TransferFailures.named(target.name(), e);
    } catch (IOException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }

  private IoQueue queue() {
    return new DescriptorQueue(files, target.descriptor(), BUFFERS);
  }

  @Override
  public Optional<Configuration> configuration() {
    return Optional.of(image.summary().configuration());
  }

  @Override
  public ImageSummary summary() {
    return image.summary();
  }
}
