/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/** Steps by chance, carried out on a file and on an array, which must stay equal. */
final class ModelRun {
  private static final int DEPTH = 6;

  /** Each request in flight keeps to a lane of its own: requests that overlap have no order. */
  private static final int LANE = 30_011;

  private final SplittableRandom random;
  private final Path path;
  private final Opener opener;
  private byte[] model = new byte[0];
  private StateFile file;
  private IoQueue queue;
  private int step;

  ModelRun(long seed, Path path, Opener opener) {
    random = new SplittableRandom(seed);
    this.path = path;
    this.opener = opener;
  }

  void run(int steps) throws IOException {
    open();
    for (step = 0; step < steps; step++) {
      switch (random.nextInt(12)) {
        case 0 -> truncate();
        case 1 -> file.sync();
        case 2 -> {
          close();
          open();
        }
        case 3, 4, 5, 6 -> reads();
        default -> writes();
      }
      assertEquals(model.length, file.size(), () -> "size after step " + step);
    }
    close();
    assertArrayEquals(model, Files.readAllBytes(path), "the file in the end");
  }

  private void open() throws IOException {
    file = opener.open(OpenMode.WRITE);
    queue = file.openQueue(DEPTH, List.of());
  }

  private void close() throws IOException {
    queue.close();
    file.close();
  }

  private void truncate() throws IOException {
    int size = random.nextInt(DEPTH * LANE);
    file.truncate(size);
    model = Arrays.copyOf(model, size);
  }

  private void writes() throws IOException {
    int[] lengths = new int[DEPTH];
    int end = model.length;
    byte[] next = Arrays.copyOf(model, DEPTH * LANE);
    for (int lane = 0; lane < DEPTH; lane++) {
      if (random.nextBoolean()) {
        int start = start(lane);
        ByteBuffer buffer = buffer(lane, start);
        byte[] bytes = new byte[buffer.remaining()];
        random.nextBytes(bytes);
        buffer.duplicate().put(bytes);
        queue.write(buffer, start, lane);
        lengths[lane] = bytes.length;
        System.arraycopy(bytes, 0, next, start, bytes.length);
        end = bytes.length == 0 ? end : Math.max(end, start + bytes.length);
      }
    }
    reapAll(lengths);
    model = Arrays.copyOf(next, end);
  }

  private void reads() throws IOException {
    ByteBuffer[] buffers = new ByteBuffer[DEPTH];
    byte[][] expected = new byte[DEPTH][];
    int[] lengths = new int[DEPTH];
    for (int lane = 0; lane < DEPTH; lane++) {
      if (random.nextBoolean()) {
        int start = start(lane);
        buffers[lane] = buffer(lane, start);
        int length = Math.min(buffers[lane].remaining(), Math.max(0, model.length - start));
        lengths[lane] = length;
        // What lies beyond the bytes that came is not looked at: a detour may have passed there.
        expected[lane] =
            length == 0 ? new byte[0] : Arrays.copyOfRange(model, start, start + length);
        queue.read(buffers[lane], start, lane);
      }
    }
    reapAll(lengths);
    for (int lane = 0; lane < DEPTH; lane++) {
      if (buffers[lane] != null) {
        ByteBuffer came = buffers[lane].limit(buffers[lane].position() + lengths[lane]);
        String what = "read in lane " + lane + " of step " + step;
        assertArrayEquals(expected[lane], Bytes.of(came), what);
      }
    }
  }

  private void reapAll(int[] lengths) throws IOException {
    // Drawn once: a seed must give the same steps however the completions come.
    int together = 1 + random.nextInt(DEPTH);
    int left = queue.inFlight();
    while (left > 0) {
      left -=
          queue.reap(
              Math.min(together, left),
              (tag, transferred, failure) -> {
                assertNull(failure, () -> "failure in lane " + tag + " of step " + step);
                String what = "bytes moved in lane " + tag + " of step " + step;
                assertEquals(lengths[(int) tag], transferred, what);
              });
    }
  }

  private int start(int lane) {
    int start = lane * LANE + random.nextInt(LANE);
    // Often at a boundary of blocks, if the lane has one there.
    int aligned = start & -4096;
    return random.nextBoolean() && aligned >= lane * LANE ? aligned : start;
  }

  private ByteBuffer buffer(int lane, int start) {
    int room = (lane + 1) * LANE - start;
    int length = random.nextInt(room + 1);
    int aligned = length & -4096;
    return Bytes.skewed(
        random.nextBoolean() && aligned > 0 ? aligned : length,
        random.nextBoolean() ? 0 : random.nextInt(4096));
  }

  /** Opens the file again. */
  @FunctionalInterface
  interface Opener {
    StateFile open(OpenMode mode) throws IOException;
  }
}
