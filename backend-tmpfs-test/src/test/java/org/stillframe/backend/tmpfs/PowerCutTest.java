/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;
import org.stillframe.spi.contract.Descriptor;

/** What stays when the power is cut. */
class PowerCutTest {
  private static final String SEED = "stillframe.power.seed";
  private static final FaultPlan PLAN = FaultPlan.seeded(5);

  private static byte[] random(long seed, int length) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  @Test
  void onlyWhatWasSyncedStays() throws IOException {
    byte[] kept = random(1, 10_000);
    try (Lab lab = new Lab(PLAN.powerCutAtWrite(3))) {
      StateFile file = lab.open(OpenMode.WRITE);
      IoQueue queue = lab.bench.queue(file, 1);
      lab.write(queue, kept, 0);
      file.sync();
      assertNull(lab.write(queue, random(2, 9000), 3000));
      assertEquals(12_000, lab.stored().length);
      assertEquals(
          "pwrite: Input/output error (EIO): the power was cut at pwrite 3",
          lab.write(queue, random(3, 100), 0).getMessage());
      assertArrayEquals(kept, lab.stored());
    }
  }

  @Test
  void afterwardsEverythingFailsUntilItIsOpenedAgainWithPower() throws IOException {
    try (Lab lab = new Lab(new TmpfsTestBackend(), random(4, 100))) {
      StateFile file = lab.open(OpenMode.WRITE);
      IoQueue queue = lab.bench.queue(file, 1);
      lab.storage.cutPower();
      assertDead(lab, file, queue);
      assertThrows(IOException.class, () -> lab.open(OpenMode.READ));
      lab.storage.powerOn();
      assertDead(lab, file, queue);
      StateFile again = lab.open(OpenMode.READ);
      assertEquals(100, again.size());
      assertNull(lab.read(again, ByteBuffer.allocateDirect(100), 0));
    }
  }

  private static void assertDead(Lab lab, StateFile file, IoQueue queue) throws IOException {
    String error = "Input/output error (EIO): the power was cut";
    assertTrue(assertThrows(IOException.class, file::size).getMessage().contains(error));
    assertTrue(assertThrows(IOException.class, file::sync).getMessage().contains(error));
    IOException e = assertThrows(IOException.class, () -> file.truncate(0));
    assertTrue(e.getMessage().startsWith("ftruncate: " + error), e.getMessage());
    assertTrue(lab.write(queue, new byte[10], 0).getMessage().contains(error));
    assertTrue(lab.write(queue, new byte[0], 0).getMessage().contains(error));
    assertEquals(100, lab.stored().length);
  }

  @Test
  void aSyncDuringWhichItIsCutKeepsNothing() throws IOException {
    try (Lab lab = new Lab(PLAN.powerCutAtSync(1))) {
      StateFile file = lab.open(OpenMode.WRITE);
      lab.write(file, new byte[5000], 0);
      IOException e = assertThrows(IOException.class, file::sync);
      assertEquals("fsync: Input/output error (EIO): the power was cut at fsync 1", e.getMessage());
      assertEquals(0, lab.stored().length);
    }
  }

  @Test
  void closingKeepsNothingEither() throws IOException {
    byte[] kept = random(6, 5000);
    try (Lab lab = new Lab(new TmpfsTestBackend(PLAN.powerCutAtClose(2)), kept)) {
      for (int i = 0; i < 2; i++) {
        StateFile file = lab.open(OpenMode.WRITE);
        lab.write(file, random(7 + i, 700), i * 6000L);
        file.close();
      }
      assertArrayEquals(kept, lab.stored());
    }
  }

  @Test
  void aFileThatWasClosedIsHeldOnlyUntilItIsSynced() throws IOException {
    try (Lab lab = new Lab()) {
      Descriptor descriptor =
          lab.bench.descriptor(lab.path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      Target target = lab.bench.target(lab.path, descriptor);
      Set<Integer> callers = lab.bench.descriptors().keySet();
      StateFile file = lab.storage.open(target, OpenMode.WRITE, Set.of());
      lab.write(file, new byte[10], 0);
      file.close();
      assertEquals(callers.size() + 1, lab.bench.descriptors().size());
      StateFile again = lab.storage.open(target, OpenMode.WRITE, Set.of());
      again.sync();
      again.close();
      assertEquals(callers, lab.bench.descriptors().keySet());
      lab.storage.cutPower();
      assertEquals(10, lab.stored().length);
    }
  }

  @Test
  void whatASyncCouldNotStoreIsLostThoughALaterOneSucceeds() throws IOException {
    byte[] old = random(8, 3 * 4096);
    byte[] fresh = random(9, 4096);
    try (Lab lab = new Lab(new TmpfsTestBackend(PLAN.failSync(1, Errno.EIO)), old)) {
      StateFile file = lab.open(OpenMode.WRITE);
      lab.write(file, fresh, 0);
      lab.write(file, fresh, 4096);
      assertThrows(IOException.class, file::sync);
      lab.write(file, fresh, 4096);
      lab.write(file, fresh, 8192);
      file.sync();
      lab.storage.cutPower();
      byte[] expected = old.clone();
      System.arraycopy(fresh, 0, expected, 4096, 4096);
      System.arraycopy(fresh, 0, expected, 8192, 4096);
      assertArrayEquals(expected, lab.stored());
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsTornIsOldOrNewSectorBySector(boolean memory) throws IOException {
    byte[] old = new byte[64 * 512];
    Arrays.fill(old, (byte) 1);
    byte[] fresh = new byte[100 * 512];
    Arrays.fill(fresh, (byte) 2);
    TmpfsTestBackend storage =
        memory ? TmpfsTestBackend.inMemory(PLAN.torn()) : new TmpfsTestBackend(PLAN.torn());
    try (Lab lab = new Lab(storage, old)) {
      StateFile file = lab.open(OpenMode.WRITE);
      lab.write(file, fresh, 0);
      storage.cutPower();
      byte[] torn = storage.content(lab.path);
      assertTrue(torn.length == old.length || torn.length == fresh.length, "" + torn.length);
      boolean[] seen = new boolean[3];
      for (int sector = 0; sector < torn.length; sector += 512) {
        for (int i = 1; i < 512; i++) {
          assertEquals(torn[sector], torn[sector + i], "byte " + i + " of the sector " + sector);
        }
        assertTrue(torn[sector] != 0 || sector >= old.length, "zeros at " + sector);
        seen[torn[sector]] = true;
      }
      assertTrue(seen[1] && seen[2], "old ones and new ones");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void behavesAsTheModelOfADisk(boolean memory) throws IOException {
    long seed = Long.getLong(SEED, System.nanoTime());
    TmpfsTestBackend storage = memory ? TmpfsTestBackend.inMemory() : new TmpfsTestBackend();
    try (Lab lab = new Lab(storage, random(seed, 20_000))) {
      steps(lab, new SplittableRandom(seed));
    } catch (AssertionError | IOException | RuntimeException e) {
      throw new AssertionError("with -D" + SEED + "=" + seed + ": " + e.getMessage(), e);
    }
  }

  private static void steps(Lab lab, SplittableRandom random) throws IOException {
    byte[] kept = lab.stored();
    byte[] present = kept;
    StateFile file = lab.open(OpenMode.WRITE);
    for (int step = 0; step < 500; step++) {
      switch (random.nextInt(10)) {
        case 0 -> {
          file.sync();
          kept = present;
        }
        case 1 -> {
          lab.storage.cutPower();
          lab.storage.powerOn();
          file.close();
          present = kept;
          file = lab.open(OpenMode.WRITE);
        }
        case 2 -> {
          file.close();
          file = lab.open(OpenMode.WRITE);
        }
        case 3, 4 -> {
          int size = random.nextInt(50_000);
          file.truncate(size);
          present = Arrays.copyOf(present, size);
        }
        default -> {
          int offset = random.nextInt(50_000);
          byte[] bytes = new byte[random.nextInt(1, 9000)];
          random.nextBytes(bytes);
          assertNull(lab.write(file, bytes, offset));
          present = Arrays.copyOf(present, Math.max(present.length, offset + bytes.length));
          System.arraycopy(bytes, 0, present, offset, bytes.length);
        }
      }
      assertArrayEquals(present, lab.storage.content(lab.path), "step " + step);
    }
  }
}
