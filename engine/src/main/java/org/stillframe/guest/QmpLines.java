/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.stillframe.error.StillframeException;
import org.stillframe.system.Connection;
import org.stillframe.system.Descriptor;

/** The lines of text that a monitor speaks in. */
final class QmpLines {
  private static final int CHUNK = 64 << 10;
  private static final ByteBuffer NOTHING = ByteBuffer.allocateDirect(0);

  /** How long one wait for room lasts, in milliseconds. */
  private static final int SLICE = 50;

  private final Connection connection;
  private final int limit;
  private final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).limit(0);
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private ByteBuffer unsent = NOTHING;

  /** {@code limit} is the longest line that is taken, in bytes. */
  QmpLines(Connection connection, int limit) {
    this.connection = connection;
    this.limit = limit;
  }

  /**
   * The next line without its end, if it is complete within the time.
   *
   * @throws EOFException if the other end has closed the connection
   */
  Optional<String> next(int timeoutMillis) throws IOException {
    if (!chunk.hasRemaining() && !fill(timeoutMillis)) {
      return Optional.empty();
    }
    while (chunk.hasRemaining()) {
      byte b = chunk.get();
      if (b == '\n') {
        String text = partial();
        line.reset();
        return Optional.of(text);
      }
      if (line.size() == limit) {
        throw new IOException("it sent a line of more than " + limit + " bytes");
      }
      line.write(b);
    }
    return Optional.empty();
  }

  /** What has come of a line that is not complete. */
  String partial() {
    return line.toString(StandardCharsets.UTF_8).strip();
  }

  private boolean fill(int timeoutMillis) throws IOException {
    chunk.clear();
    int count = 0;
    try {
      count = connection.tryRead(chunk, timeoutMillis);
    } finally {
      chunk.flip();
    }
    if (count < 0) {
      throw new EOFException("it closed the connection");
    }
    return count > 0;
  }

  /**
   * Sends a line, with a descriptor if {@code passed} is not null.
   *
   * <p>If {@code patience} ends the wait, the line is withdrawn, or, if its beginning has gone, the
   * rest of it goes before the next line.
   *
   * @throws IOException also if the other end does not take it all before the deadline
   */
  void send(String text, Descriptor passed, Deadline deadline, Patience patience)
      throws IOException, StillframeException {
    drain(null, deadline, patience);
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    unsent = ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    try {
      drain(passed, deadline, patience);
    } finally {
      if (unsent.position() == 0) {
        unsent = NOTHING;
      }
    }
  }

  private void drain(Descriptor passed, Deadline deadline, Patience patience)
      throws IOException, StillframeException {
    boolean sent = passed == null;
    while (unsent.hasRemaining()) {
      boolean last = deadline.passed();
      int wait = deadline.millis(SLICE);
      int count =
          sent ? connection.tryWrite(unsent, wait) : connection.tryWrite(unsent, passed, wait);
      sent |= count > 0;
      if (unsent.hasRemaining()) {
        if (last) {
          throw new IOException("it does not read what is sent to it");
        }
        patience.check();
      }
    }
  }
}
