/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.IoQueue;
import org.stillframe.spi.OpenMode;

/** What a plan says of itself, and that it does the same each time. */
class FaultPlanTest {
  @Test
  void itsTextIsTheCodeThatMakesIt() {
    FaultPlan plan =
        FaultPlan.seeded(-42)
            .failWrite(3, Errno.EIO)
            .failWriteAfter(4, 100, Errno.EDQUOT)
            .failOften(Operation.READ, 0.25, Errno.ESTALE)
            .fullAt(1 << 20)
            .delay(Operation.SYNC, Duration.ofMillis(5))
            .hold(Operation.CLOSE, 1)
            .holdWritesAt(7)
            .powerCutAtSync(2)
            .torn()
            .shortTransfers()
            .asynchronous();
    assertEquals(
        "FaultPlan.seeded(-42L).failWrite(3, EIO).failWriteAfter(4, 100, EDQUOT)"
            + ".failOften(READ, 0.25, ESTALE).fullAt(1048576).delay(SYNC, PT0.005S)"
            + ".hold(CLOSE, 1).holdWritesAt(7).powerCutAtSync(2).torn(512).shortTransfers()"
            + ".asynchronous()",
        plan.toString());
    assertEquals("tmpfs-test [" + plan + "]", new TmpfsTestBackend(plan).toString());
  }

  @Test
  void aPlanIsNotChangedByWhatIsMadeOfIt() {
    FaultPlan plan = FaultPlan.seeded(1);
    plan.failSync(1, Errno.EIO);
    assertEquals("FaultPlan.seeded(1L)", plan.toString());
  }

  @Test
  void whatCannotBeIsRefused() {
    FaultPlan plan = FaultPlan.seeded(1);
    assertThrows(IllegalArgumentException.class, () -> plan.failRead(0, Errno.EIO));
    assertThrows(IllegalArgumentException.class, () -> plan.failWriteAfter(1, -1, Errno.EIO));
    assertThrows(
        IllegalArgumentException.class, () -> plan.failOften(Operation.READ, 1.01, Errno.EIO));
    assertThrows(
        IllegalArgumentException.class,
        () -> plan.failOften(Operation.READ, Double.NaN, Errno.EIO));
    assertThrows(IllegalArgumentException.class, () -> plan.fullAt(-1));
    assertThrows(IllegalArgumentException.class, () -> plan.delay(Duration.ofNanos(-1)));
    assertThrows(IllegalArgumentException.class, () -> plan.torn(256));
    assertThrows(IllegalArgumentException.class, () -> plan.torn(1000));
    assertThrows(IllegalArgumentException.class, () -> plan.torn(8192));
    assertThrows(NullPointerException.class, () -> plan.failClose(1, null));
  }

  @Test
  void aRandomPlanHasASeedOfItsOwn() {
    assertNotEquals(FaultPlan.random().seed(), FaultPlan.random().seed());
  }

  @Test
  void theSameSeedMeetsTheSameFaults() throws IOException {
    List<String> first = run(7);
    assertEquals(first, run(7));
    assertNotEquals(first, run(8));
    assertTrue(first.stream().anyMatch(call -> call.contains("(EIO)")), first::toString);
    assertTrue(first.stream().anyMatch(call -> !call.contains("(EIO)")), first::toString);
  }

  private static List<String> run(long seed) throws IOException {
    FaultPlan plan =
        FaultPlan.seeded(seed)
            .failOften(Operation.WRITE, 0.3, Errno.EIO)
            .shortTransfers()
            .asynchronous();
    try (Lab lab = new Lab(plan)) {
      List<String> seen = new ArrayList<>();
      IoQueue queue = lab.bench.queue(lab.open(OpenMode.WRITE), 8);
      for (int round = 0; round < 5; round++) {
        for (int i = 0; i < 8; i++) {
          queue.write(ByteBuffer.allocateDirect(1000), i * 1000L, i);
        }
        while (queue.inFlight() > 0) {
          queue.reap(1, (tag, moved, failure) -> seen.add(tag + " moved " + moved));
        }
      }
      lab.storage.calls().forEach(call -> seen.add(text(call)));
      return seen;
    }
  }

  private static String text(Call call) {
    return call.toString().replace(call.target(), "the file");
  }

  @Test
  void plansAddUp() throws IOException {
    FaultPlan first = FaultPlan.seeded(1).failSync(1, Errno.EIO);
    FaultPlan second = FaultPlan.seeded(2).failTruncate(1, Errno.ENOSPC);
    try (Lab lab = new Lab(first, second)) {
      var file = lab.open(OpenMode.WRITE);
      assertThrows(IOException.class, file::sync);
      assertThrows(IOException.class, () -> file.truncate(5));
      file.sync();
      file.truncate(5);
      assertEquals(5, lab.stored().length);
    }
  }
}
