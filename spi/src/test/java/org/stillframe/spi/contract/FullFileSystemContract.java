/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.contract.storage.MountedFileSystem;

/**
 * The contract of a {@link org.stillframe.spi.MigrationBackend} on a file system that is soon full,
 * to be inherited:
 *
 * <pre>{@code
 * class FastFullContractTest extends FullFileSystemContract {
 *   @RegisterExtension static final MountedFileSystem SMALL = MountedFileSystem.small();
 *
 *   protected MountedFileSystem fileSystem() {
 *     return SMALL;
 *   }
 *   ... the backend and what it can do ...
 * }
 * }</pre>
 */
public abstract class FullFileSystemContract extends AbstractContract {
  private static final int CHUNK = 256 << 10;
  private static final int BLOCK = 4096;

  private final byte[] content = Bytes.random(80, CHUNK);

  /** For subclasses. */
  protected FullFileSystemContract() {}

  /** The file system, empty but for what a test makes; it holds some MiB. */
  protected abstract MountedFileSystem fileSystem();

  @Override
  public final Path directory() {
    return fileSystem().directory();
  }

  /** Makes an image of so many known bytes, and has something else take all the space left. */
  private Path imageOnFullFileSystem(int length) throws IOException {
    Path image = bench().file(Arrays.copyOf(content, length));
    try (FileChannel file = FileChannel.open(image, StandardOpenOption.WRITE)) {
      file.force(true);
    }
    try (FileChannel other =
        FileChannel.open(
            bench().path("other"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int piece = CHUNK; piece > 0; piece /= 2) {
        fill(other, ByteBuffer.allocateDirect(piece));
      }
      other.force(true);
      // What a journal gave back meanwhile.
      fill(other, ByteBuffer.allocateDirect(BLOCK));
    }
    return image;
  }

  private static void fill(FileChannel file, ByteBuffer piece) {
    try {
      while (true) {
        file.write(piece.clear());
      }
    } catch (IOException e) {
      // It is full.
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {4096, 4097, 5000, 65_536, 1_048_576, 5_242_883})
  void aWriteThatDoesNotFitFailsAndTellsWhatItMoved(int length) throws IOException {
    Path image = imageOnFullFileSystem(BLOCK);
    byte[] more = Bytes.random(81, length);
    int[] moved = {-1};
    IoQueue queue = bench().queue(bench().opened(image, OpenMode.WRITE), 1);
    queue.write(Bytes.direct(more), BLOCK, 1);
    queue.reap(
        1,
        (tag, transferred, failure) -> {
          NoSpace.require(failure);
          moved[0] = transferred;
        });
    requireMoved(image, more, BLOCK, moved[0]);
    requireStored(image, BLOCK);
  }

  private static void requireMoved(Path image, byte[] bytes, long offset, int moved)
      throws IOException {
    assertTrue(moved >= 0 && moved < bytes.length, moved + " of " + bytes.length + " bytes moved");
    try (FileChannel file = FileChannel.open(image)) {
      byte[] expected = Arrays.copyOf(bytes, moved);
      assertArrayEquals(expected, Bytes.stored(file, offset, moved), "what moved");
    }
  }

  /** The image still begins with the known bytes. */
  private void requireStored(Path image, int length) throws IOException {
    try (FileChannel file = FileChannel.open(image)) {
      assertArrayEquals(Arrays.copyOf(content, length), Bytes.stored(file, 0, length));
    }
  }

  @Test
  void writingUntilItIsFullStoresAllThatDidNotFail() throws IOException {
    Path image = bench().file();
    StateFile file = bench().opened(image, OpenMode.WRITE);
    Fill fill = new Fill(bench().queue(file, 8), content);
    fill.untilFull(0, CHUNK);
    file.sync();
    fill.requireStored(image);
    assertTrue(fill.stored() > 4, "pieces stored: " + fill.stored());
  }

  @Test
  void twoQueuesFillItTogether() throws Exception {
    Path image = bench().file();
    StateFile file = bench().opened(image, OpenMode.WRITE);
    Fill[] fills = new Fill[2];
    List<FutureTask<Object>> lanes = new ArrayList<>();
    for (int lane = 0; lane < fills.length; lane++) {
      long first = (long) lane * CHUNK;
      Fill fill = new Fill(bench().queue(file, 4), content);
      fills[lane] = fill;
      lanes.add(
          new FutureTask<>(
              () -> {
                fill.untilFull(first, 2L * CHUNK);
                return null;
              }));
      new Thread(lanes.get(lane), "lane " + lane).start();
    }
    for (FutureTask<Object> lane : lanes) {
      lane.get();
    }
    for (Fill fill : fills) {
      fill.requireStored(image);
    }
  }

  @Test
  void theQueueStaysUsable() throws IOException {
    Path image = imageOnFullFileSystem(4 * BLOCK);
    Requests requests = bench().requests(bench().opened(image, OpenMode.WRITE));
    for (int i = 0; i < 5; i++) {
      NoSpace.require(requests.tryWrite(ByteBuffer.allocateDirect(1 << 20), 4 * BLOCK));
      assertArrayEquals(Arrays.copyOf(content, 4 * BLOCK), requests.read(0, 4 * BLOCK));
      // In its place there is room for as much as is there.
      requests.write(Arrays.copyOf(content, BLOCK), 0);
    }
    requireStored(image, 4 * BLOCK);
  }

  @Test
  void aFailureIsThatOfItsRequestAlone() throws IOException {
    Path image = imageOnFullFileSystem(CHUNK);
    byte[] other = Bytes.random(82, 8 * BLOCK);
    IoQueue queue = bench().queue(bench().opened(image, OpenMode.WRITE), 16);
    for (int i = 0; i < 8; i++) {
      queue.write(
          Bytes.direct(other).position(i * BLOCK).limit((i + 1) * BLOCK), (long) i * BLOCK, i);
      queue.write(ByteBuffer.allocateDirect(CHUNK), (i + 4L) * CHUNK, 8 + i);
    }
    IOException[] failures = new IOException[16];
    assertEquals(16, queue.reap(16, (tag, moved, why) -> failures[(int) tag] = why));
    for (int i = 0; i < 8; i++) {
      assertNull(failures[i], "write " + i + " in its place");
      NoSpace.require(failures[8 + i]);
    }
    assertArrayEquals(other, bench().requests(bench().opened(image, OpenMode.READ)).read(0, 32768));
  }

  @Test
  void whatFailsLeavesNothingToWaitFor() throws IOException {
    Path image = imageOnFullFileSystem(BLOCK);
    StateFile file = bench().opened(image, OpenMode.WRITE);
    IoQueue queue = bench().queue(file, 8);
    for (int i = 0; i < 8; i++) {
      queue.write(ByteBuffer.allocateDirect(CHUNK), BLOCK + (long) i * CHUNK, i);
    }
    queue.close();
    file.sync();
    file.close();
    requireStored(image, BLOCK);
  }

  @Test
  void whatIsCutOffMakesRoom() throws IOException {
    Path image = bench().file();
    StateFile file = bench().opened(image, OpenMode.WRITE);
    IoQueue queue = bench().queue(file, 4);
    for (int round = 0; round < 3; round++) {
      Fill fill = new Fill(queue, content);
      fill.untilFull(0, CHUNK);
      file.truncate(0);
      file.sync();
    }
    Requests requests = new Requests(queue);
    requests.write(content, 3);
    file.sync();
    assertEquals(CHUNK + 3, file.size());
    assertArrayEquals(content, requests.read(3, CHUNK));
  }
}
