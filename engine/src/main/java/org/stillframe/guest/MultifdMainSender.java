/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.stillframe.channel.ChannelTask;
import org.stillframe.channel.TransferCounter;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.MainStreamEncoder;
import org.stillframe.stream.MultifdSource;
import org.stillframe.stream.StreamInput;
import org.stillframe.system.Connection;

/** Sends the main stream of a multifd migration, of which the header has been sent. */
final class MultifdMainSender implements ChannelTask {
  private final Connection connection;
  private final MultifdSource source;
  private final MainStreamEncoder encoder;
  private final MultifdZeroRecords zeros;
  private final TransferCounter counter;

  MultifdMainSender(
      Connection connection,
      MultifdSource source,
      MainStreamEncoder encoder,
      MultifdZeroRecords zeros,
      TransferCounter counter) {
    this.connection = connection;
    this.source = source;
    this.encoder = encoder;
    this.zeros = zeros;
    this.counter = counter;
  }

  @Override
  public void run() throws StillframeException {
    try {
      send(encoder.list(source.configuration(), source.blocks()));
      send(source.earlySections());
      send(encoder.lastSection());
      zeros.begin();
      zeros.await();
      send(encoder.lastSectionEnd());
      StreamInput.Supply devices = source.devices();
      for (ByteBuffer chunk = devices.next(); chunk != null; chunk = devices.next()) {
        counter.add(chunk.remaining());
        connection.write(chunk);
      }
    } catch (IOException e) {
      throw MultifdFailures.of("migration stream", e);
    }
  }

  private void send(byte[] bytes) throws IOException {
    counter.add(bytes.length);
    connection.write(direct(bytes));
  }

  static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }
}
