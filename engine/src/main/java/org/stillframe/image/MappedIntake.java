/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.BufferShape;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.stream.MultifdSink;
import org.stillframe.stream.PagePacket;
import org.stillframe.stream.RamSink;
import org.stillframe.stream.StreamListener;

/** Takes a guest in several channels into a mapped image, each with a queue of its own. */
final class MappedIntake implements MultifdSink {
  /** Each with room for a packet of multifd, and for a request that storage likes. */
  private static final BufferShape BUFFERS = new BufferShape(8, 2 * PagePacket.PAYLOAD_LIMIT, 4096);

  /** Runs in flight: more than buffers, as pages of zeros split what is in one. */
  private static final int DEPTH = 64;

  private final String target;
  private final StateFile file;
  private final MappedRecorder recorder;

  /**
   * Takes a guest.
   *
   * @param recorder hears the main stream
   */
  MappedIntake(String target, StateFile file, MappedRecorder recorder) {
    this.target = target;
    this.file = file;
    this.recorder = recorder;
  }

  @Override
  public StreamListener listener() {
    return recorder;
  }

  @Override
  public RamSink sink(int index) throws StillframeException {
    BufferPool pool = new BufferPool(BUFFERS, file);
    try {
      IoQueue queue = file.openQueue(DEPTH, pool.all());
      boolean made = false;
      try {
        RamSink sink = new MappedRamSink(target, queue, pool, recorder.blocks(), recorder);
        made = true;
        return sink;
      } finally {
        // Its memory may not be had; who is given no sink cannot close one.
        if (!made) {
          queue.close();
        }
      }
    } catch (IOException e) {
      throw TransferFailures.of(target, e);
    }
  }
}
