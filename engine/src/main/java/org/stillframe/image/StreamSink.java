/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.util.List;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.BufferShape;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamParser;

/** An image of the layout {@code stream} in the making. Used by one thread after another. */
public final class StreamSink implements ImageSink {
  /** The buffers with which an image is made. */
  public static final BufferShape BUFFERS = new BufferShape(8, 1 << 20, 4096);

  private final Target target;
  private final StateFile file;
  private final ImageHead head;
  private final Expectation expected = new Expectation();
  private volatile ImageSummary summary;

  /**
   * Makes an image of an opened target.
   *
   * @param inPlace whether an older image may stand there: then the first bytes are zeros until all
   *     else is durable, so that no mixture of the two is ever taken for an image
   */
  public StreamSink(Target target, StateFile file, boolean inPlace) {
    this.target = target;
    this.file = file;
    head = new ImageHead(target, file, inPlace);
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
  public void record(StreamFeed source, TransferCounter counter, Throttle throttle)
      throws StillframeException {
    try {
      take(source, counter, throttle);
    } catch (StillframeException e) {
      throw TransferFailures.named(target.name(), e);
    }
  }

  @Override
  public ImageSummary store(StreamInput.Supply source) throws StillframeException {
    take(new SupplyFeed(source), new TransferCounter(), new Throttle(0));
    return summary;
  }

  private void take(StreamFeed source, TransferCounter counter, Throttle throttle)
      throws StillframeException {
    BufferPool pool = new BufferPool(BUFFERS, file);
    try (IoQueue queue = file.openQueue(BUFFERS.count(), pool.all())) {
      head.discardOlder(queue);
      StreamRecorder recorder =
          new StreamRecorder(source, target.name(), queue, pool, counter, throttle, head.bytes());
      ImageSummary parsed = new StreamParser().parse(new StreamInput(recorder), expected);
      recorder.finish();
      summary = parsed;
    } catch (IOException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }

  @Override
  public List<List<ChannelTask>> conversion(
      MappedSource source, int channels, TransferCounter counter) {
    if (!target.kind().seekable()) {
      // Bytes in order have one way to go.
      return List.of(List.of(() -> source.transfer(this, counter)));
    }
    return new StreamComposition(source.contents(), target, file, head, channels)
        .stages(counter, made -> summary = made);
  }

  @Override
  public void record(Intake intake) throws StillframeException {
    throw inOrder(target.name());
  }

  /** What the layout cannot do. */
  static RequestException inOrder(String name) {
    return new RequestException(
        ErrorCode.UNSUPPORTED,
        name,
        "the layout stream has no fixed places for pages, and several channels are wanted",
        "use the layout mapped, or the route stream");
  }

  @Override
  public void settle() throws StillframeException {
    head.settle(summary().totalBytes());
  }

  @Override
  public long expectedBytes() {
    return expected.bytes();
  }

  @Override
  public ImageSummary summary() {
    if (summary == null) {
      throw new IllegalStateException("nothing was recorded");
    }
    return summary;
  }
}
