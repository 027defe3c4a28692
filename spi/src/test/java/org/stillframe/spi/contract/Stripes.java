/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.StateFile;

/** Writes one piece of bytes by several threads, stripe by stripe, each with a queue of its own. */
final class Stripes {
  private static final int DEPTH = 4;

  private final StateFile file;
  private final byte[] content;
  private final long base;
  private final int stripe;

  /** Of {@code content}, which begins at {@code base}, in stripes of so many bytes. */
  Stripes(StateFile file, byte[] content, long base, int stripe) {
    this.file = file;
    this.content = content;
    this.base = base;
    this.stripe = stripe;
  }

  /** Has each of the threads write every n-th stripe, and waits for all of them. */
  void write(int threads) throws Exception {
    List<FutureTask<Object>> lanes = new ArrayList<>();
    for (int lane = 0; lane < threads; lane++) {
      int first = lane;
      lanes.add(
          new FutureTask<>(
              () -> {
                write(first, threads);
                return null;
              }));
      new Thread(lanes.get(lane), "lane " + lane).start();
    }
    for (FutureTask<Object> lane : lanes) {
      lane.get();
    }
  }

  private void write(int first, int step) throws IOException {
    ByteBuffer buffer = Bytes.direct(content);
    try (IoQueue queue = file.openQueue(DEPTH, List.of(buffer))) {
      int[] expected = new int[1 + content.length / stripe];
      IoQueue.Completion whole =
          (tag, transferred, failure) -> {
            if (failure != null || transferred != expected[(int) tag]) {
              throw new AssertionError("stripe " + tag + ": " + transferred, failure);
            }
          };
      for (int i = first; i * stripe < content.length; i += step) {
        if (queue.inFlight() == queue.depth()) {
          queue.reap(1, whole);
        }
        int start = i * stripe;
        int end = Math.min(content.length, start + stripe);
        expected[i] = end - start;
        queue.write(buffer.duplicate().limit(end).position(start), base + start, i);
      }
      queue.reap(queue.inFlight(), whole);
    }
  }
}
