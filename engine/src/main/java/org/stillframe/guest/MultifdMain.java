/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.DamagedException;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MultifdSink;
import org.stillframe.stream.PageEncoding;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamInput;
import org.stillframe.stream.StreamListener;
import org.stillframe.stream.StreamParser;
import org.stillframe.system.Connection;

/** Receives the main stream of a multifd migration. */
final class MultifdMain implements ChannelTask {
  private static final int BUFFER = 256 << 10;

  private final Connection connection;
  private final MultifdSink target;
  private final MultifdRounds rounds;
  private final TransferCounter counter;
  private volatile ImageSummary summary;
  private volatile boolean ended;

  MultifdMain(
      Connection connection, MultifdSink target, MultifdRounds rounds, TransferCounter counter) {
    this.connection = connection;
    this.target = target;
    this.rounds = rounds;
    this.counter = counter;
  }

  @Override
  public void run() throws StillframeException {
    StreamInput input = new StreamInput(new Received());
    summary = StreamParser.ofMultifd().parse(input, new Steps(target.listener()));
  }

  /** What the stream held; null before its end. */
  ImageSummary summary() {
    return summary;
  }

  boolean sourceEnded() {
    return ended;
  }

  private final class Received implements StreamInput.Supply {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    private long position;

    @Override
    public ByteBuffer next() throws StillframeException {
      buffer.clear();
      try {
        int count = connection.read(buffer);
        if (count < 0) {
          ended = true;
          return null;
        }
        position += count;
        counter.add(count);
        return buffer.flip();
      } catch (IOException e) {
        throw MultifdFailures.of("migration stream at byte " + position, e);
      }
    }
  }

  /** Passes on what is heard, and keeps the channels in step with it. */
  private final class Steps implements StreamListener {
    private final StreamListener listener;
    private Configuration configuration;

    Steps(StreamListener listener) {
      this.listener = listener;
    }

    @Override
    public void configuration(Configuration read) throws StillframeException {
      configuration = read;
      listener.configuration(read);
    }

    @Override
    public void ramSection(long id) throws StillframeException {
      listener.ramSection(id);
    }

    @Override
    public void ramBlocks(List<RamBlock> blocks) throws StillframeException {
      listener.ramBlocks(blocks);
      rounds.begin(configuration, blocks);
    }

    @Override
    public void page(RamBlock block, long offset, StreamInput data) throws StillframeException {
      throw stray(block, offset);
    }

    @Override
    public void encodedPage(RamBlock block, long offset, PageEncoding encoding)
        throws StillframeException {
      throw stray(block, offset);
    }

    /** No QEMU sends one; there would be no saying which of two such pages is the later. */
    private DamagedException stray(RamBlock block, long offset) {
      return new DamagedException(
          "migration stream, RAM block " + block.name(),
          String.format("the page at 0x%x came in the main stream of multifd", offset),
          "save the guest again");
    }

    @Override
    public void zeroPage(RamBlock block, long offset) throws StillframeException {
      listener.zeroPage(block, offset);
    }

    @Override
    public void multifdFlush() throws StillframeException {
      listener.multifdFlush();
      rounds.flush();
    }

    @Override
    public void earlySection(String name, long instance, byte[] bytes) throws StillframeException {
      listener.earlySection(name, instance, bytes);
    }

    @Override
    public void ramEnd() throws StillframeException {
      rounds.end();
      listener.ramEnd();
    }

    @Override
    public void devices(long offset) throws StillframeException {
      listener.devices(offset);
    }

    @Override
    public void deviceBytes(ByteBuffer bytes) throws StillframeException {
      listener.deviceBytes(bytes);
    }
  }
}
