/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.BufferShape;
import org.stillframe.channel.Throttle;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamListener;
import org.stillframe.stream.StreamParser;
import org.stillframe.stream.StreamSummary;
import org.stillframe.system.Connection;

/** An image of the layout {@code stream} in the making. Used by one thread after another. */
public final class StreamSink {
  /** The buffers with which an image is made. */
  public static final BufferShape BUFFERS = new BufferShape(8, 1 << 20, 4096);

  /**
   * What stands in an image's first bytes decides whether it is one. So many at the most are stored
   * together, or not at all, by every disk: the size of the smallest sectors.
   */
  private static final int HEAD = 512;

  private final Target target;
  private final String name;
  private final StateFile file;
  private final ByteBuffer head;
  private final Expectation expected = new Expectation();
  private volatile StreamSummary summary;

  /**
   * Makes an image of an opened target.
   *
   * @param inPlace whether an older image may stand there: then the first bytes are zeros until all
   *     else is durable, so that no mixture of the two is ever taken for an image
   */
  public StreamSink(Target target, StateFile file, boolean inPlace) {
    this.target = target;
    this.name = target.name();
    this.file = file;
    boolean headLast = inPlace && target.kind().seekable();
    head = ByteBuffer.allocateDirect(headLast ? HEAD : 0);
  }

  /**
   * Takes a stream from a connection until its end, and stores it.
   *
   * @param throttle how fast it is taken
   * @throws org.stillframe.error.DamagedException if it was not whole
   */
  public void record(Connection source, TransferCounter counter, Throttle throttle)
      throws StillframeException {
    BufferPool pool = new BufferPool(BUFFERS);
    try (IoQueue queue = file.openQueue(BUFFERS.count(), pool.all())) {
      if (head.capacity() > 0) {
        discardOlder(queue);
      }
      StreamRecorder recorder =
          new StreamRecorder(source, name, queue, pool, counter, throttle, head);
      StreamSummary parsed = new StreamParser().parse(new StreamInput(recorder), expected);
      recorder.finish();
      summary = parsed;
    } catch (StillframeException e) {
      throw TransferFailures.named(name, e);
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    }
  }

  /** Takes away what makes an image of what stands there. */
  private void discardOlder(IoQueue queue) throws IOException {
    if (target.kind() == TargetKind.REGULAR) {
      file.truncate(0);
    } else {
      transfer(queue, ByteBuffer.allocateDirect(HEAD));
    }
    file.sync();
  }

  /** Makes all of it durable: after this it is an image, and not before. */
  public void settle() throws StillframeException {
    try {
      if (target.kind() == TargetKind.REGULAR) {
        file.truncate(summary().totalBytes());
      }
      file.sync();
      if (head.position() > 0) {
        try (IoQueue queue = file.openQueue(1, List.of())) {
          transfer(queue, head.flip());
        }
        file.sync();
      }
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    }
  }

  private static void transfer(IoQueue queue, ByteBuffer first) throws IOException {
    IOException[] failure = new IOException[1];
    queue.write(first, 0, 0);
    queue.reap(1, (tag, transferred, problem) -> failure[0] = problem);
    if (failure[0] != null) {
      throw failure[0];
    }
  }

  /**
   * How long the stream will be, as far as it has told by now; 0 if it has told nothing. May be
   * asked by any thread.
   */
  public long expectedBytes() {
    return expected.bytes;
  }

  /**
   * What the stream held.
   *
   * @throws IllegalStateException before {@link #record} has returned
   */
  public StreamSummary summary() {
    if (summary == null) {
      throw new IllegalStateException("nothing was recorded");
    }
    return summary;
  }

  /** All RAM, less what has turned out to be zero. */
  private static final class Expectation implements StreamListener {
    private volatile long bytes;
    private long pageSize;

    @Override
    public void configuration(Configuration configuration) {
      pageSize = configuration.pageSize();
    }

    @Override
    public void ramBlocks(List<RamBlock> blocks) {
      long length = 0;
      for (RamBlock block : blocks) {
        length += block.usedLength();
      }
      bytes = length;
    }

    @Override
    public void zeroPage(RamBlock block, long offset) {
      // A page that is sent again may be counted again; what was moved is the least there is.
      bytes = Math.max(1, bytes - pageSize);
    }
  }
}
