/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.stream.MainStreamEncoder;
import org.stillframe.stream.PageBatch;
import org.stillframe.system.Connection;

/**
 * The last section of RAM in the main stream, which all channels share: QEMU clears the zero pages
 * that are told there, and none that packets tell of. It ends when every channel has sent its last
 * page. Thread-safe.
 */
final class MultifdZeroRecords {
  private static final int BUFFER = 64 << 10;

  private final Connection main;
  private final MainStreamEncoder encoder;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
  private int unfinished;
  private boolean begun;

  MultifdZeroRecords(Connection main, MainStreamEncoder encoder, int channels) {
    this.main = main;
    this.encoder = encoder;
    this.unfinished = channels;
  }

  /** Main: records may come from here on. */
  synchronized void begin() {
    begun = true;
    notifyAll();
  }

  /** Channel: sends a record for every zero page of a batch. */
  synchronized void send(PageBatch batch) throws IOException, CancelledException {
    while (!begun) {
      pause();
    }
    byte[] name = batch.block().name().getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < batch.zeroPages(); i++) {
      if (buffer.remaining() < MainStreamEncoder.ZERO_RECORD_LIMIT) {
        drain();
      }
      encoder.zeroPage(buffer, name, batch.zeroOffset(i));
    }
  }

  /** Channel: it has no page left. */
  synchronized void finish() {
    unfinished--;
    notifyAll();
  }

  /** Main: waits until no channel has a page left, and sends what is still here. */
  synchronized void await() throws IOException, CancelledException {
    while (unfinished > 0) {
      pause();
    }
    drain();
  }

  private void drain() throws IOException {
    main.write(buffer.flip());
    buffer.clear();
  }

  private void pause() throws CancelledException {
    try {
      wait();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancelledException(
          ErrorCode.CANCELLED, "multifd channels", "the transfer was interrupted", "", e);
    }
  }
}
