/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.Configuration;
import org.stillframe.stream.GuestFrame;
import org.stillframe.stream.OrderedSink;
import org.stillframe.stream.PageEncoding;
import org.stillframe.stream.RamBlock;
import org.stillframe.stream.StreamInput;

/**
 * Takes a guest out of a stream whose pages go another way than the rest. The device part, which
 * would make the guest run, is kept until the stream was found whole. Used by one thread, and by
 * another when that has ended.
 */
abstract class StreamIntake implements OrderedSink, GuestFrame {
  /** Devices' state has some hundred kilobytes, some megabytes at the most. */
  private static final int MAX_DEVICES = 64 << 20;

  private static final int CHUNK = 1 << 20;

  private final String route;
  private final List<ByteBuffer> devices = new ArrayList<>();
  private volatile Configuration configuration;
  private long sectionId;
  private List<RamBlock> blocks = List.of();

  /** Takes a guest. {@code route} is what messages call the way that pages go. */
  StreamIntake(String route) {
    this.route = route;
  }

  @Override
  public void configuration(Configuration read) throws StillframeException {
    configuration = read;
    if (read.ignoresShared()) {
      throw refused(
          "the image lacks RAM that was shared with others (capability x-ignore-shared was on)",
          "save the guest again without");
    }
  }

  /** What the stream says of the guest; empty before that was read. From any thread. */
  final Optional<Configuration> known() {
    return Optional.ofNullable(configuration);
  }

  @Override
  public final Configuration configuration() {
    return configuration;
  }

  @Override
  public final void ramSection(long id) {
    sectionId = id;
  }

  @Override
  public final long sectionId() {
    return sectionId;
  }

  @Override
  public void ramBlocks(List<RamBlock> list) throws StillframeException {
    blocks = list;
  }

  @Override
  public final List<RamBlock> blocks() {
    return blocks;
  }

  @Override
  public final void encodedPage(RamBlock block, long offset, PageEncoding encoding)
      throws StillframeException {
    throw refused(
        "a page of RAM block "
            + block.name()
            + " came in the encoding "
            + encoding.capability()
            + ", which QEMU alone undoes",
        "use the route stream");
  }

  @Override
  public final void deviceBytes(ByteBuffer bytes) throws StillframeException {
    while (bytes.hasRemaining()) {
      if (devices.isEmpty() || !devices.get(devices.size() - 1).hasRemaining()) {
        if (devices.size() == MAX_DEVICES / CHUNK) {
          throw refused(
              "the devices have more than " + (MAX_DEVICES >> 20) + " MiB of state",
              "use the route stream");
        }
        devices.add(ByteBuffer.allocateDirect(CHUNK));
      }
      ByteBuffer chunk = devices.get(devices.size() - 1);
      int count = Math.min(chunk.remaining(), bytes.remaining());
      chunk.put(chunk.position(), bytes, bytes.position(), count);
      chunk.position(chunk.position() + count);
      bytes.position(bytes.position() + count);
    }
  }

  @Override
  public final StreamInput.Supply devices() {
    Iterator<ByteBuffer> chunks = devices.iterator();
    return () -> chunks.hasNext() ? chunks.next().flip() : null;
  }

  final RequestException refused(String why, String remedy) {
    return new RequestException(ErrorCode.UNSUPPORTED, "route " + route, why, remedy);
  }
}
