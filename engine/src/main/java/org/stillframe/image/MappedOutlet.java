/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import org.stillframe.channel.BufferPool;
import org.stillframe.channel.BufferShape;
import org.stillframe.channel.SharedCursor;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.DeviceSection;
import org.stillframe.stream.ImageSummary;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedImage;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.PagePacket;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.RamPlaces;
import org.stillframe.stream.RamSource;
import org.stillframe.stream.StreamInput;

/** Gives the guest of a mapped image in several channels, each with a queue of its own. */
final class MappedOutlet implements MultifdSource {
  /** A packet of pages each. */
  private static final BufferShape BUFFERS = new BufferShape(8, PagePacket.PAYLOAD_LIMIT, 4096);

  /** Runs in flight: more than buffers, as pages of zeros split what is in one. */
  private static final int DEPTH = 64;

  private final String name;
  private final StateFile file;
  private final MappedImage image;
  private final SharedCursor cursor;
  private final IoQueue partQueue;
  private final BufferPool parts;

  /**
   * Gives a guest.
   *
   * @param partQueue reads all but RAM, with the buffers of {@code parts}
   */
  MappedOutlet(
      String name, StateFile file, MappedImage image, IoQueue partQueue, BufferPool parts) {
    this.name = name;
    this.file = file;
    this.image = image;
    this.partQueue = partQueue;
    this.parts = parts;
    cursor = new SharedCursor(blocks().stream().mapToLong(RamBlock::usedLength).toArray());
  }

  @Override
  public Configuration configuration() {
    return image.summary().configuration().mapped(false);
  }

  @Override
  public long sectionId() {
    return image.sectionId();
  }

  @Override
  public List<RamBlock> blocks() {
    return image.blocks().stream().map(MappedBlock::block).toList();
  }

  @Override
  public byte[] earlySections() throws StillframeException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    WritableByteChannel out = Channels.newChannel(all);
    try {
      for (DeviceSection section : image.summary().earlySections()) {
        long begin = section.sectionOffset();
        StreamInput.Supply bytes = part(begin, begin + section.sectionLength());
        for (ByteBuffer chunk = bytes.next(); chunk != null; chunk = bytes.next()) {
          out.write(chunk);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("memory does not refuse bytes", e);
    }
    return all.toByteArray();
  }

  @Override
  public StreamInput.Supply devices() {
    ImageSummary summary = image.summary();
    return part(summary.devicesOffset(), summary.totalBytes());
  }

  private StreamInput.Supply part(long begin, long end) {
    return new StreamReader(name, partQueue, parts, new TransferCounter(), begin, end);
  }

  @Override
  public RamSource source(int index, RamPlaces places) throws StillframeException {
    BufferPool pool = new BufferPool(BUFFERS, file);
    try {
      return new MappedRamSource(
          name, file.openQueue(DEPTH, pool.all()), pool, image.blocks(), cursor, places);
    } catch (IOException e) {
      throw TransferFailures.of(name, e);
    }
  }
}
