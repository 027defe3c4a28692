/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Many requests at once: by chance against a model, and by several threads. */
interface ModelContract extends BackendUnderTest {
  /** The system property that repeats a run by chance. */
  String SEED = "stillframe.contract.seed";

  @Test
  default void behavesAsTheModelOfAFile() throws IOException {
    long seed = Long.getLong(SEED, System.nanoTime());
    Path path = bench().file();
    try {
      new ModelRun(seed, path, mode -> bench().opened(path, mode)).run(600);
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("with -D" + SEED + "=" + seed + ": " + e.getMessage(), e);
    }
  }

  @Test
  default void threadsShareAFileAndNotAQueue() throws Exception {
    int threads = 4;
    int stripe = 10_007;
    byte[] content = Bytes.random(32, threads * 40 * stripe);
    Path path = bench().file();
    StateFile file = bench().opened(path, OpenMode.WRITE);
    List<FutureTask<Object>> lanes = new ArrayList<>();
    for (int lane = 0; lane < threads; lane++) {
      int first = lane;
      FutureTask<Object> task =
          new FutureTask<>(
              () -> {
                writeLane(file, content, stripe, first, threads);
                return null;
              });
      lanes.add(task);
      new Thread(task, "lane " + lane).start();
    }
    for (FutureTask<Object> lane : lanes) {
      lane.get();
    }
    assertEquals(content.length, file.size());
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  private static void writeLane(StateFile file, byte[] content, int stripe, int first, int step)
      throws IOException {
    ByteBuffer buffer = Bytes.direct(content);
    try (IoQueue queue = file.openQueue(4, List.of(buffer))) {
      IoQueue.Completion whole =
          (tag, transferred, failure) -> {
            if (failure != null || transferred != stripe) {
              throw new AssertionError("stripe " + tag + ": " + transferred, failure);
            }
          };
      for (int i = first; i * stripe < content.length; i += step) {
        if (queue.inFlight() == queue.depth()) {
          queue.reap(1, whole);
        }
        int start = i * stripe;
        queue.write(buffer.duplicate().position(start).limit(start + stripe), start, i);
      }
      queue.reap(queue.inFlight(), whole);
    }
  }

  @Test
  default void queuesOfOneThreadDoNotMixTheirCompletions() throws IOException {
    StateFile file = bench().created();
    IoQueue first = bench().queue(file, 2);
    IoQueue second = bench().queue(file, 2);
    first.write(Bytes.filled(100, 1), 0, 11);
    second.write(Bytes.filled(100, 2), 100, 22);
    assertEquals(1, second.reap(1, (tag, transferred, failure) -> assertEquals(22, tag)));
    assertEquals(1, first.inFlight());
    assertEquals(1, first.reap(1, (tag, transferred, failure) -> assertEquals(11, tag)));
  }
}
