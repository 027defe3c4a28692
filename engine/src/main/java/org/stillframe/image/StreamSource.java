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
import org.stillframe.stream.Configuration;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.OrderedSink;
import org.stillframe.stream.StreamHead;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamKind;
import org.stillframe.stream.StreamListener;
import org.stillframe.stream.StreamParser;
import org.stillframe.system.Connection;

/** An image of the layout {@code stream}. Used by one thread after another. */
public final class StreamSource implements ImageSource {
  /** The buffers with which an image is read. */
  public static final BufferShape BUFFERS = new BufferShape(4, 1 << 20, 4096);

  /** Twice as many where one channel reads for another: each has as many to itself. */
  private static final BufferShape RELAYED = new BufferShape(8, 1 << 20, 4096);

  private final Target target;
  private final String name;
  private final StateFile file;
  private volatile Optional<Configuration> configuration = Optional.empty();
  private volatile ImageSummary summary;

  /** An image in an opened target. */
  public StreamSource(Target target, StateFile file) {
    this.target = target;
    this.name = target.name();
    this.file = file;
  }

  @Override
  public Target target() {
    return target;
  }

  @Override
  public boolean placesPages() {
    return false;
  }

  @Override
  public ImageSources.Found layout() {
    return ImageSources.Found.STREAM;
  }

  @Override
  public boolean staysThere() {
    return target.kind().seekable();
  }

  @Override
  public void check() throws StillframeException {
    if (target.kind().seekable()) {
      new ImageEnds(target, file).check();
    }
  }

  @Override
  public OptionalLong expectedBytes() {
    return target.size() > 0 ? OptionalLong.of(target.size()) : OptionalLong.empty();
  }

  @Override
  public void play(Connection sink, TransferCounter counter) throws StillframeException {
    read(
        counter,
        reader -> {
          StreamPlayer player = new StreamPlayer(reader, sink);
          ImageSummary parsed = parse(player);
          player.finish();
          return parsed;
        });
  }

  @Override
  public void scan(TransferCounter counter) throws StillframeException {
    read(counter, this::parse);
  }

  @Override
  public List<List<ChannelTask>> conversion(ImageSink sink, int channels, TransferCounter counter) {
    if (channels == 1) {
      return List.of(List.of(() -> transfer(sink, counter)));
    }
    // Two and no more: one that reads, and one that understands the stream and stores it.
    BufferRelay relay = new BufferRelay(name, file, RELAYED, counter);
    return List.of(List.of(() -> relay.read(length()), () -> store(relay, sink)));
  }

  private void transfer(ImageSink sink, TransferCounter counter) throws StillframeException {
    read(counter, sink::store);
  }

  private void store(BufferRelay relay, ImageSink sink) throws StillframeException {
    try {
      summary = sink.store(new KindCheck(relay));
    } catch (StillframeException e) {
      throw TransferFailures.named(name, e);
    }
  }

  @Override
  public void feed(Outlet outlet) throws StillframeException {
    try {
      outlet.inOrder(this::channels);
    } catch (StillframeException e) {
      throw TransferFailures.named(name, e);
    }
  }

  /** One that reads, and one that understands the stream and gives what is in it. */
  private List<ChannelTask> channels(OrderedSink sink, TransferCounter counter) {
    BufferRelay relay = new BufferRelay(name, file, RELAYED, counter);
    return List.of(() -> relay.read(length()), () -> tell(new KindCheck(relay), sink));
  }

  private void tell(StreamInput.Supply supply, OrderedSink sink) throws StillframeException {
    StreamInput input =
        new StreamInput(
            () -> {
              sink.release();
              return supply.next();
            });
    summary = new StreamParser().parse(input, sink);
    sink.whole();
  }

  private ImageSummary parse(StreamInput.Supply supply) throws StillframeException {
    StreamListener listener =
        new StreamListener() {
          @Override
          public void configuration(Configuration read) {
            configuration = Optional.of(read);
          }
        };
    return new StreamParser().parse(new StreamInput(supply), listener);
  }

  @Override
  public StreamHead head() throws StillframeException {
    BufferPool pool = new BufferPool(BUFFERS, file);
    try (IoQueue queue = file.openQueue(BUFFERS.count(), pool.all())) {
      StreamReader reader =
          new StreamReader(name, queue, pool, new TransferCounter(), Long.MAX_VALUE);
      return StreamHead.read(new StreamInput(new KindCheck(reader)));
    } catch (StillframeException e) {
      throw TransferFailures.named(name, e);
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    }
  }

  @Override
  public Optional<Configuration> configuration() {
    return configuration;
  }

  private interface Pass {
    ImageSummary over(StreamInput.Supply supply) throws StillframeException;
  }

  private void read(TransferCounter counter, Pass pass) throws StillframeException {
    BufferPool pool = new BufferPool(BUFFERS, file);
    try (IoQueue queue = file.openQueue(BUFFERS.count(), pool.all())) {
      summary = pass.over(new KindCheck(new StreamReader(name, queue, pool, counter, length())));
    } catch (StillframeException e) {
      throw TransferFailures.named(name, e);
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    }
  }

  /** How much there is to read. */
  private long length() throws StillframeException {
    // A device ends where it ends, and not where the stream does.
    return target.kind() == TargetKind.BLOCK ? measure() : Long.MAX_VALUE;
  }

  private long measure() throws StillframeException {
    BufferPool pool = new BufferPool(BUFFERS, file);
    try (IoQueue queue = file.openQueue(BUFFERS.count(), pool.all())) {
      StreamReader all = new StreamReader(name, queue, pool, new TransferCounter(), Long.MAX_VALUE);
      return new StreamParser().length(new StreamInput(new KindCheck(all)));
    } catch (StillframeException e) {
      throw TransferFailures.named(name, e);
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    }
  }

  @Override
  public ImageSummary summary() {
    if (summary == null) {
      throw new IllegalStateException("nothing was read");
    }
    return summary;
  }

  /** Looks at the first chunk, so that an image of another kind is called by its name. */
  private final class KindCheck implements StreamInput.Supply {
    private final StreamInput.Supply source;
    private boolean checked;

    KindCheck(StreamInput.Supply source) {
      this.source = source;
    }

    @Override
    public ByteBuffer next() throws StillframeException {
      ByteBuffer chunk = source.next();
      if (!checked) {
        checked = true;
        ImageEnds.require(name, StreamKind.of(chunk == null ? ByteBuffer.allocate(0) : chunk));
      }
      return chunk;
    }
  }
}
