/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamParser;

/**
 * An image of the layout {@code mapped} in the making. Used by one thread after another.
 *
 * <p>In a regular file a page of zeros is a hole, or zeros where the page held something before: no
 * slot is stale. On a block device, what was there before stays in the slots of pages of zeros,
 * which nobody who goes by the bitmap reads: to write them all would take as long as RAM is large.
 */
public final class MappedSink implements ImageSink {
  /** Runs in flight: more than buffers, as pages of zeros split what is in one. */
  private static final int DEPTH = 64;

  private final Target target;
  private final StateFile file;
  private final ImageHead head;
  private final Closing closing;
  private volatile Expectation expected = new Expectation();
  private volatile ImageSummary summary;

  /** Runs what completes the file, and returns when it has ended. */
  @FunctionalInterface
  public interface Closing {
    /** Runs it, on this thread or on another. */
    void run(ChannelTask task) throws StillframeException;
  }

  /**
   * Makes an image of an opened target.
   *
   * @param target a regular file or a block device
   * @param inPlace whether an older image may stand there
   * @param closing runs what is left to be written when an {@link Intake} has brought all of a
   *     guest, which stands still then: storage may hang, and the thread that brought it must not
   */
  public MappedSink(Target target, StateFile file, boolean inPlace, Closing closing) {
    this.target = target;
    this.file = file;
    this.closing = closing;
    head = new ImageHead(target, file, inPlace);
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
  public void record(StreamFeed source, TransferCounter counter, Throttle throttle)
      throws StillframeException {
    try {
      store(new FeedSupply(new ThrottledFeed(source, throttle), counter));
    } catch (StillframeException e) {
      throw TransferFailures.named(target.name(), e);
    }
  }

  @Override
  public void record(Intake intake) throws StillframeException {
    try {
      make(recorder -> intake.into(new MappedIntake(target.name(), file, recorder)), closing);
    } catch (StillframeException e) {
      throw TransferFailures.named(target.name(), e);
    }
  }

  @Override
  public ImageSummary store(StreamInput.Supply source) throws StillframeException {
    return make(
        recorder -> new StreamParser().parse(new StreamInput(source), recorder), ChannelTask::run);
  }

  private interface Recording {
    ImageSummary by(MappedRecorder recorder) throws StillframeException;
  }

  private ImageSummary make(Recording recording, Closing last) throws StillframeException {
    BufferPool pool = new BufferPool(StreamSink.BUFFERS, file);
    try (IoQueue queue = file.openQueue(DEPTH, pool.all())) {
      head.discardOlder(queue);
      MappedRecorder recorder = new MappedRecorder(target, file, queue, pool);
      expected = recorder;
      ImageSummary stream = recording.by(recorder);
      last.run(() -> summary = recorder.finish(head.bytes(), stream));
      return stream;
    } catch (IOException e) {
      throw TransferFailures.of(target.name(), e);
    }
  }

  @Override
  public List<List<ChannelTask>> conversion(
      MappedSource source, int channels, TransferCounter counter) {
    return new MappedCopy(source.contents(), target, file, head)
        .stages(channels, counter, made -> summary = made);
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

  /** Supplies what a feed gives, out of one buffer: whoever reads from it copies. */
  private static final class FeedSupply implements StreamInput.Supply {
    private final ThrottledFeed feed;
    private final TransferCounter counter;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(StreamSink.BUFFERS.size());
    private long position;

    FeedSupply(ThrottledFeed feed, TransferCounter counter) {
      this.feed = feed;
      this.counter = counter;
    }

    @Override
    public ByteBuffer next() throws StillframeException {
      if (feed.ended()) {
        return null;
      }
      try {
        feed.fill(buffer.clear());
      } catch (IOException e) {
        throw TransferFailures.of("migration stream at byte " + (position + buffer.position()), e);
      }
      position += buffer.position();
      counter.add(buffer.position());
      return buffer.flip();
    }
  }
}
