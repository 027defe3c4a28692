/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.contract.storage.LoopDevice;

/**
 * The contract of a {@link org.stillframe.spi.MigrationBackend} on a block device, to be inherited:
 *
 * <pre>{@code
 * class FastDeviceTest extends BlockDeviceContract {
 *   @RegisterExtension static final LoopDevice DEVICE = LoopDevice.ofSectors(512);
 *
 *   protected LoopDevice device() {
 *     return DEVICE;
 *   }
 *   ... the backend and what it can do ...
 * }
 * }</pre>
 */
public abstract class BlockDeviceContract extends AbstractContract {
  /** How much of the device, at either end, holds known bytes before each test. */
  private static final int KNOWN = 3 << 20;

  private final byte[] front = Bytes.random(70, KNOWN);
  private final byte[] rear = Bytes.random(71, KNOWN);
  private Descriptor descriptor;

  /** For subclasses. */
  protected BlockDeviceContract() {}

  /** The device, for which {@link #describe} is asked as well. */
  protected abstract LoopDevice device();

  @BeforeEach
  void fillDevice() throws IOException {
    descriptor =
        bench().descriptor(device().path(), StandardOpenOption.READ, StandardOpenOption.WRITE);
    store(front, 0);
    store(rear, end() - KNOWN);
    descriptor.file().force(true);
  }

  private long end() {
    return device().size();
  }

  /** Stores bytes as somebody else. */
  private void store(byte[] bytes, long offset) throws IOException {
    assertEquals(bytes.length, descriptor.file().write(ByteBuffer.wrap(bytes), offset));
  }

  private byte[] stored(long offset, int length) throws IOException {
    return Bytes.stored(descriptor.file(), offset, length);
  }

  private StateFile opened(OpenMode mode) throws IOException {
    return bench().opened(bench().target(device().path(), descriptor), mode, wanted());
  }

  private Requests requests() throws IOException {
    return bench().requests(opened(OpenMode.WRITE));
  }

  @Test
  void itIsAccepted() throws IOException {
    Appraisal appraisal =
        bench().backend().appraise(bench().facts(device().path()).build(), wanted());
    assertTrue(appraisal.isAccepted(), appraisal.toString());
  }

  @ParameterizedTest
  @EnumSource
  void sizeIsThatOfTheDevice(OpenMode mode) throws IOException {
    assertEquals(end(), opened(mode).size());
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 4096",
    "0, 512, 512",
    "1, 4096, 8192",
    "0, 1, 4096",
    "0, 0, 1",
    "511, 513, 777",
    "7, 4095, 2",
    "4095, 4097, 65535",
    "64, 65536, 1048577",
    "3, 99, 2097155"
  })
  void nothingNeedsToBeAligned(int address, int offset, int length) throws IOException {
    byte[] content = Bytes.random(72, length);
    Requests requests = requests();
    requests.write(Bytes.skewed(length, address).put(content).flip(), offset);
    byte[] expected = front.clone();
    System.arraycopy(content, 0, expected, offset, length);
    assertArrayEquals(expected, stored(0, KNOWN));
    ByteBuffer back = Bytes.skewed(length, address);
    assertEquals(length, requests.read(back, offset));
    assertArrayEquals(content, Bytes.of(back));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 511, 512, 513, 1536, 4096, 4097, 65_536, 1_048_579})
  void itsVeryEndIsReached(int length) throws IOException {
    byte[] content = Bytes.random(73, length);
    Requests requests = requests();
    requests.write(content, end() - length);
    byte[] expected = rear.clone();
    System.arraycopy(content, 0, expected, KNOWN - length, length);
    assertArrayEquals(expected, stored(end() - KNOWN, KNOWN));
    assertArrayEquals(content, requests.read(end() - length, length));
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "1, 4096", "512, 4096", "5000, 100000", "4096, 4097", "70001, 1048576"})
  void aReadAcrossItsEndBringsWhatThereIs(int before, int length) throws IOException {
    int there = Math.min(before, length);
    byte[] expected = Arrays.copyOfRange(rear, KNOWN - before, KNOWN - before + there);
    Requests requests = bench().requests(opened(OpenMode.READ));
    assertArrayEquals(expected, requests.read(end() - before, length));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 512, 4096, 1L << 33})
  void aReadPastItsEndBringsNothing(long past) throws IOException {
    Requests requests = bench().requests(opened(OpenMode.READ));
    assertEquals(0, requests.read(end() + past, 4096).length);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 512, 4096, 1L << 33})
  void aWritePastItsEndFindsNoSpace(long past) throws IOException {
    IoQueue queue = bench().queue(opened(OpenMode.WRITE), 1);
    queue.write(Bytes.filled(4096, 1), end() + past, 1);
    queue.reap(
        1,
        (tag, transferred, failure) -> {
          NoSpace.require(failure);
          assertEquals(0, transferred);
        });
    assertArrayEquals(rear, stored(end() - KNOWN, KNOWN + 4096));
  }

  @ParameterizedTest
  @CsvSource({"1, 2", "512, 1024", "1536, 4096", "4096, 8192", "5001, 100000", "65536, 1048577"})
  void aWriteAcrossItsEndFailsAndTellsWhatItMoved(int before, int length) throws IOException {
    byte[] content = Bytes.random(74, length);
    int[] moved = {-1};
    IoQueue queue = bench().queue(opened(OpenMode.WRITE), 1);
    queue.write(Bytes.direct(content), end() - before, 1);
    queue.reap(
        1,
        (tag, transferred, failure) -> {
          NoSpace.require(failure);
          moved[0] = transferred;
        });
    assertTrue(moved[0] >= 0 && moved[0] <= before, moved[0] + " bytes moved of " + before);
    byte[] now = stored(end() - KNOWN, KNOWN + 4096);
    assertEquals(KNOWN, now.length);
    int start = KNOWN - before;
    assertTrue(Arrays.equals(rear, 0, start, now, 0, start), "what is before");
    assertTrue(Arrays.equals(content, 0, moved[0], now, start, start + moved[0]), "what moved");
  }

  @Test
  void aFailureAtItsEndIsThatOfItsRequestAlone() throws IOException {
    byte[] content = Bytes.random(75, 8192);
    IoQueue queue = bench().queue(opened(OpenMode.WRITE), 3);
    queue.write(Bytes.direct(content).limit(4096), end() - 8192, 0);
    queue.write(Bytes.direct(content), end() + 4096, 1);
    queue.write(Bytes.direct(content).position(4096), end() - 4096, 2);
    boolean[] failed = new boolean[3];
    assertEquals(3, queue.reap(3, (tag, moved, why) -> failed[(int) tag] = why != null));
    assertArrayEquals(new boolean[] {false, true, false}, failed);
    assertArrayEquals(content, stored(end() - 8192, 8192));
  }

  @Test
  void itCannotBeCutOrExtended() throws IOException {
    StateFile file = opened(OpenMode.WRITE);
    for (long size : new long[] {0, 4096, end(), end() + 4096}) {
      IOException failure = assertThrows(IOException.class, () -> file.truncate(size));
      assertTrue(failure.getMessage().contains("block device"), failure.getMessage());
    }
    assertEquals(end(), file.size());
  }

  @Test
  void whatWasWrittenIsThereWhenItIsOpenedAgain() throws IOException {
    byte[] content = Bytes.random(76, 123_457);
    StateFile file = opened(OpenMode.WRITE);
    Requests requests = bench().requests(file);
    requests.write(content, 1001);
    requests.queue().close();
    file.sync();
    file.close();
    assertArrayEquals(content, bench().requests(opened(OpenMode.READ)).read(1001, content.length));
    assertArrayEquals(content, stored(1001, content.length));
  }

  @Test
  void openedForReadingItIsNotWritten() throws IOException {
    IoQueue queue = bench().queue(opened(OpenMode.READ), 1);
    ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
    assertThrows(IOException.class, () -> queue.write(buffer, 0, 1));
    assertEquals(0, queue.inFlight());
    assertArrayEquals(front, stored(0, KNOWN));
  }

  @Test
  void theCallersDescriptorIsLeftAlone() throws IOException {
    descriptor.file().position(1234);
    Map<Integer, String> before = Descriptor.links(device().path().toString());
    StateFile file = opened(OpenMode.WRITE);
    Requests requests = bench().requests(file);
    requests.write(new byte[5000], 3);
    requests.read(end() - 100, 5000);
    file.size();
    file.sync();
    requests.queue().close();
    file.close();
    assertEquals(before, Descriptor.links(device().path().toString()), "descriptors left open");
    assertTrue(descriptor.isOpen());
    assertEquals(1234, descriptor.file().position());
  }

  @Test
  void whatOthersStoreNearbyIsSeenAndKept() throws IOException {
    NearbyWrites.exchange(descriptor.file(), requests(), front);
  }

  @Test
  void severalQueuesWriteSideBySide() throws Exception {
    StateFile file = opened(OpenMode.WRITE);
    int length = 2_000_003;
    byte[] content = Bytes.random(77, length);
    new Stripes(file, content, 333, 4097).write(4);
    byte[] expected = front.clone();
    System.arraycopy(content, 0, expected, 333, length);
    assertArrayEquals(expected, stored(0, KNOWN));
  }

  @Test
  void behavesAsTheModelOfItsFront() throws IOException {
    Seed.run(seed -> model(seed, 4096 - 7));
  }

  @Test
  void behavesAsTheModelOfItsEnd() throws IOException {
    Seed.run(seed -> model(seed, end() - ModelRun.EXTENT + 40_001));
  }

  private void model(long seed, long base) throws IOException {
    byte[] present = stored(base, ModelRun.EXTENT);
    ModelRun.ofDevice(seed, device().path(), base, present, this::opened).run(300);
  }
}
