/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.GuestException;
import org.stillframe.error.StillframeException;
import org.stillframe.stream.StreamInput;
import org.stillframe.system.Connection;

/**
 * Plays a stream into a connection: each chunk is looked at by whoever reads from this supply, and
 * sent when the next is asked for. So nothing is sent that was found damaged. Used by one thread.
 */
public final class StreamPlayer implements StreamInput.Supply {
  private final StreamInput.Supply source;
  private final Connection sink;
  private ByteBuffer current;
  private long sent;

  /** Plays what {@code source} supplies, whose chunks are direct, into {@code sink}. */
  public StreamPlayer(StreamInput.Supply source, Connection sink) {
    this.source = source;
    this.sink = sink;
  }

  @Override
  public ByteBuffer next() throws StillframeException {
    sendCurrent();
    current = source.next();
    return current;
  }

  /** Sends what is left. */
  public void finish() throws StillframeException {
    sendCurrent();
  }

  private void sendCurrent() throws StillframeException {
    if (current == null) {
      return;
    }
    ByteBuffer chunk = current;
    current = null;
    int start = chunk.position();
    try {
      sink.write(chunk);
    } catch (InterruptedIOException e) {
      throw TransferFailures.of("migration stream", e);
    } catch (IOException e) {
      throw new GuestException(
          ErrorCode.GUEST,
          "migration stream at byte " + sent,
          e.getMessage(),
          "the receiver stopped reading: its own messages say why",
          e);
    }
    sent += chunk.position() - start;
    chunk.position(start);
  }
}
