/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.stillframe.spi.IoQueue;

/** Writes the same piece again and again, each further on, until nothing more fits. */
final class Fill {
  private final IoQueue queue;
  private final byte[] piece;
  private final ByteBuffer buffer;
  private final Map<Long, Integer> moved = new TreeMap<>();
  private int failed;

  Fill(IoQueue queue, byte... piece) {
    this.queue = queue;
    this.piece = piece;
    buffer = Bytes.direct(piece);
  }

  /** Writes at {@code first} and then every {@code step} bytes; all requests are reaped then. */
  void untilFull(long first, long step) throws IOException {
    for (long offset = first; failed == 0; offset += step) {
      if (queue.inFlight() == queue.depth()) {
        queue.reap(1, this::completed);
      }
      queue.write(buffer.duplicate(), offset, offset);
    }
    queue.reap(queue.inFlight(), this::completed);
  }

  private void completed(long offset, int transferred, IOException failure) {
    if (failure == null) {
      assertEquals(piece.length, transferred, "bytes moved at " + offset);
    } else {
      NoSpace.require(failure);
      failed++;
    }
    moved.put(offset, transferred);
  }

  /** How many pieces were written whole. */
  long stored() {
    return moved.values().stream().filter(bytes -> bytes == piece.length).count();
  }

  /** Asks that the bytes that moved are in the file. */
  void requireStored(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      for (Map.Entry<Long, Integer> each : moved.entrySet()) {
        byte[] expected = Arrays.copyOf(piece, each.getValue());
        byte[] found = Bytes.stored(file, each.getKey(), expected.length);
        assertArrayEquals(expected, found, "what moved at " + each.getKey());
      }
    }
  }
}
