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
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.BufferShape;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.BlockSummary;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedImage;
import org.stillframe.stream.MappedParser;
import org.stillframe.stream.StreamHead;
import org.stillframe.stream.StreamInput;
import org.stillframe.system.Connection;
import org.stillframe.system.FileCalls;

/** An image of the layout {@code mapped}, QEMU's or ours. Used by one thread after another. */
public final class MappedSource implements ImageSource {
  /** The buffers with which what stands around the pages is read. */
  private static final BufferShape PARTS = new BufferShape(2, 1 << 20, 4096);

  private final Target target;
  private final String name;
  private final StateFile file;
  private final FileCalls files;
  private volatile MappedImage image;

  /**
   * An image in an opened regular file or block device.
   *
   * @param files tell where the target has holes
   */
  public MappedSource(Target target, StateFile file, FileCalls files) {
    this.target = target;
    this.files = files;
    this.name = target.name();
    this.file = file;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public boolean placesPages() {
    return true;
  }

  @Override
  public ImageSources.Found layout() {
    return ImageSources.Found.MAPPED;
  }

  @Override
  public boolean staysThere() {
    return true;
  }

  @Override
  public void check() throws StillframeException {
    try (IoQueue queue = file.openQueue(1, List.of())) {
      FileBytes bytes =
          new FileBytes(name, file, queue, from -> DescriptorBytes.data(files, target, from));
      image = new MappedParser().parse(bytes, target.kind() == TargetKind.BLOCK);
    } catch (StillframeException e) {
      throw TransferFailures.named(name, e);
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    }
  }

  @Override
  public OptionalLong expectedBytes() {
    if (image == null) {
      return OptionalLong.empty();
    }
    long pages = 0;
    for (BlockSummary block : image.summary().blocks()) {
      pages += block.dataPages();
    }
    return OptionalLong.of(pages * image.summary().configuration().pageSize());
  }

  @Override
  public void play(Connection sink, TransferCounter counter) throws StillframeException {
    read(
        counter,
        stream -> {
          StreamPlayer player = new StreamPlayer(stream, sink);
          while (player.next() != null) {
            // It is sent when the next is asked for.
          }
        });
  }

  @Override
  public List<List<ChannelTask>> conversion(ImageSink sink, int channels, TransferCounter counter) {
    return sink.conversion(this, channels, counter);
  }

  /** What several channels read; once it was checked. */
  MappedContents contents() {
    return new MappedContents(name, file, image);
  }

  /** Reads the image and stores it as another, as a stream that one channel makes of it. */
  void transfer(ImageSink sink, TransferCounter counter) throws StillframeException {
    read(counter, sink::store);
  }

  @Override
  public void feed(Outlet outlet) throws StillframeException {
    scan(new TransferCounter());
    BufferPool parts = new BufferPool(PARTS, file);
    try (IoQueue queue = file.openQueue(PARTS.count(), parts.all())) {
      outlet.from(new MappedOutlet(name, file, image, queue, parts));
    } catch (StillframeException e) {
      throw TransferFailures.named(name, e);
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    }
  }

  @Override
  public void scan(TransferCounter counter) throws StillframeException {
    if (image == null) {
      check();
    }
  }

  @Override
  public StreamHead head() throws StillframeException {
    scan(new TransferCounter());
    return new StreamHead(
        image.summary().configuration(), image.blocks().stream().map(MappedBlock::block).toList());
  }

  private interface Pass {
    void over(StreamInput.Supply stream) throws StillframeException;
  }

  private void read(TransferCounter counter, Pass pass) throws StillframeException {
    scan(counter);
    BufferPool pagePool = new BufferPool(StreamSource.BUFFERS, file);
    BufferPool partPool = new BufferPool(PARTS, file);
    try (IoQueue pageQueue = file.openQueue(StreamSource.BUFFERS.count(), pagePool.all());
        IoQueue partQueue = file.openQueue(PARTS.count(), partPool.all())) {
      MappedReader pages = new MappedReader(name, pageQueue, pagePool, image.blocks());
      TransferCounter uncounted = new TransferCounter();
      MappedStream stream =
          new MappedStream(
              image,
              pages,
              (begin, end) -> new StreamReader(name, partQueue, partPool, uncounted, begin, end));
      pass.over(
          () -> {
            ByteBuffer chunk = stream.next();
            counter.add(chunk == null ? 0 : chunk.remaining());
            return chunk;
          });
    } catch (StillframeException e) {
      throw TransferFailures.named(name, e);
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    }
  }

  @Override
  public Optional<Configuration> configuration() {
    return Optional.ofNullable(image).map(read -> read.summary().configuration());
  }

  @Override
  public ImageSummary summary() {
    if (image == null) {
      throw new IllegalStateException("nothing was read");
    }
    return image.summary();
  }
}
