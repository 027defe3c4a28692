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
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;

/**
 * Steps by chance, carried out on a file or a block device and on an array, which must stay equal.
 */
final class ModelRun {
  private static final int DEPTH = 6;
  private static final int PAGE = 4096;

  /** Each request in flight keeps to a lane of its own: requests that overlap have no order. */
  private static final int LANE = 30_011;

  /** How many bytes a run works on, at most. */
  static final int EXTENT = DEPTH * LANE;

  private final SplittableRandom random;
  private final Path path;
  private final Opener opener;
  private final ByteBuffer[] registered = new ByteBuffer[DEPTH];
  private final long base;
  private final boolean fixed;
  private byte[] model;
  private StateFile file;
  private IoQueue queue;
  private int step;

  private ModelRun(long seed, Path path, long base, byte[] model, boolean fixed, Opener opener) {
    random = new SplittableRandom(seed);
    this.path = path;
    this.base = base;
    this.model = model;
    this.fixed = fixed;
    this.opener = opener;
    for (int lane = 0; lane < DEPTH; lane++) {
      registered[lane] = Bytes.skewed(LANE + PAGE, 0);
    }
  }

  /** A run on an empty file. */
  static ModelRun ofFile(long seed, Path path, Opener opener) {
    return new ModelRun(seed, path, 0, new byte[0], false, opener);
  }

  /**
   * A run on a device.
   *
   * @param base where on it the run begins
   * @param present what is there up to {@link #EXTENT} bytes, or up to the device's end
   */
  static ModelRun ofDevice(long seed, Path path, long base, byte[] present, Opener opener) {
    return new ModelRun(seed, path, base, present.clone(), true, opener);
  }

  void run(int steps) throws IOException {
    open();
    for (step = 0; step < steps; step++) {
      switch (random.nextInt(12)) {
        case 0 -> resize();
        case 1 -> file.sync();
        case 2 -> {
          close();
          open();
        }
        case 3, 4, 5, 6 -> reads();
        default -> writes();
      }
      if (!fixed) {
        assertEquals(model.length, file.size(), () -> "size after step " + step);
      }
    }
    close();
    try (FileChannel channel = FileChannel.open(path)) {
      assertArrayEquals(model, Bytes.stored(channel, base, EXTENT), "what is stored in the end");
    }
  }

  private void open() throws IOException {
    file = opener.open(OpenMode.WRITE);
    queue = file.openQueue(DEPTH, List.of(registered));
  }

  private void close() throws IOException {
    queue.close();
    file.close();
  }

  private void resize() throws IOException {
    int size = random.nextInt(EXTENT);
    if (!fixed) {
      file.truncate(size);
      model = Arrays.copyOf(model, size);
    }
  }

  private void writes() throws IOException {
    int[] lengths = new int[DEPTH];
    int end = model.length;
    byte[] next = Arrays.copyOf(model, EXTENT);
    for (int lane = 0; lane < DEPTH; lane++) {
      if (random.nextBoolean()) {
        int start = start(lane);
        ByteBuffer buffer = buffer(lane, start);
        if (fixed) {
          // Nothing is beyond its end.
          int room = Math.max(0, model.length - start);
          buffer.limit(buffer.position() + Math.min(buffer.remaining(), room));
        }
        byte[] bytes = new byte[buffer.remaining()];
        random.nextBytes(bytes);
        buffer.duplicate().put(bytes);
        queue.write(buffer, base + start, lane);
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
        queue.read(buffers[lane], base + start, lane);
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
    int aligned = start & -PAGE;
    return random.nextBoolean() && aligned >= lane * LANE ? aligned : start;
  }

  /** A piece of the lane's registered buffer, or another buffer. */
  private ByteBuffer buffer(int lane, int start) {
    int room = (lane + 1) * LANE - start;
    int length = random.nextInt(room + 1);
    int aligned = length & -PAGE;
    int used = random.nextBoolean() && aligned > 0 ? aligned : length;
    int skew = random.nextBoolean() ? 0 : random.nextInt(PAGE);
    if (random.nextBoolean()) {
      return Bytes.skewed(used, skew);
    }
    ByteBuffer piece = registered[lane].duplicate().position(skew).limit(skew + used);
    return random.nextBoolean() ? piece : piece.slice();
  }

  /** Opens the file or the device again. */
  @FunctionalInterface
  interface Opener {
    StateFile open(OpenMode mode) throws IOException;
  }
}
