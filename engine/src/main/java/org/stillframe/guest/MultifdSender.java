/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.PageBatch;
import org.stillframe.stream.PagePacketEncoder;
import org.stillframe.stream.RamPlaces;
import org.stillframe.stream.RamSource;
import org.stillframe.system.Connection;

/**
 * Sends one channel of multifd.
 *
 * <p>Its first packet synchronises, before any page: QEMU reads nothing behind it until its main
 * thread has come to the first flush, which stands behind the list of blocks. A page that QEMU
 * reads before it knows the blocks ends QEMU.
 */
final class MultifdSender implements ChannelTask {
  private final int index;
  private final Connection connection;
  private final MultifdSource source;
  private final MultifdDialect dialect;
  private final Set<String> untouched;
  private final MultifdZeroRecords zeros;
  private final TransferCounter counter;
  private long position;

  /**
   * Sends.
   *
   * @param untouched the blocks that are zero at the receiver
   */
  MultifdSender(
      int index,
      Connection connection,
      MultifdSource source,
      MultifdDialect dialect,
      Set<String> untouched,
      MultifdZeroRecords zeros,
      TransferCounter counter) {
    this.index = index;
    this.connection = connection;
    this.source = source;
    this.dialect = dialect;
    this.untouched = untouched;
    this.zeros = zeros;
    this.counter = counter;
  }

  @Override
  public void run() throws StillframeException {
    int pageSize = source.configuration().pageSize();
    PagePacketEncoder encoder = new PagePacketEncoder(pageSize);
    ByteBuffer header = ByteBuffer.allocateDirect(encoder.headerLength());
    PageBatch batch = new PageBatch(pageSize);
    try (RamSource pages = source.source(index, RamPlaces.NONE)) {
      sync(encoder, header, 1);
      while (pages.next(batch)) {
        // QEMU clears a page that a record says is zero, and not one that a packet does. Each page
        // comes once: where memory is zero, none of them need be told.
        if (batch.zeroPages() > 0 && !untouched.contains(batch.block().name())) {
          zeros.send(batch);
        }
        batch.dropZeroPages();
        if (batch.pages() > 0) {
          encoder.pages(header, batch);
          send(header.clear());
          send(batch.data());
        }
      }
      sync(encoder, header, dialect.closingSyncs());
      zeros.finish();
    } catch (IOException e) {
      throw MultifdFailures.of(index, position, e);
    }
  }

  private void sync(PagePacketEncoder encoder, ByteBuffer header, int times) throws IOException {
    for (int i = 0; i < times; i++) {
      encoder.sync(header);
      send(header.clear());
    }
  }

  private void send(ByteBuffer bytes) throws IOException {
    int length = bytes.remaining();
    connection.write(bytes);
    position += length;
    counter.add(length);
  }
}
