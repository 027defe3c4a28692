/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.storage;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.backend.tmpfs.FaultPlan;
import org.stillframe.backend.tmpfs.Operation;
import org.stillframe.error.StillframeException;
import org.stillframe.manager.Layout;
import org.stillframe.system.Descriptor;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.TargetUri;

/**
 * A descriptor is written in place: wherever the power is cut, what is there afterwards is the new
 * image, the older one, or none; and never a mixture that is taken for one. Single sectors of what
 * was being stored may have come through, as on a disk.
 */
@Timeout(120)
class PowerCutInPlaceTest {
  private static final byte[] OLDER = SampleStream.of(3, 700);
  private static final byte[] STREAM = SampleStream.of(4, 700);

  private final SystemCalls system = new SystemCalls();
  private byte[] whole;

  @ParameterizedTest
  @CsvSource({
    "0, STREAM", "1, STREAM", "2, STREAM", "3, STREAM", "4, STREAM", "5, STREAM",
    "0, MAPPED", "1, MAPPED", "2, MAPPED", "3, MAPPED", "4, MAPPED", "5, MAPPED",
  })
  void noMixtureIsTakenForAnImage(long seed, Layout layout) throws Exception {
    FaultPlan plan = FaultPlan.seeded(seed);
    FaultPlan torn = seed == 0 ? plan : plan.torn();
    long writes = writesOfAWholeImage(layout);
    for (long n = 1; n <= writes; n++) {
      check(layout, torn.powerCutAtWrite(n));
    }
    for (long n = 1; n <= 3; n++) {
      check(layout, torn.powerCutAtSync(n));
    }
  }

  private long writesOfAWholeImage(Layout layout) throws Exception {
    try (Workplace place = new Workplace()) {
      receiveInPlace(place, layout);
      whole = Files.readAllBytes(place.image);
      if (layout == Layout.STREAM) {
        assertArrayEquals(STREAM, whole);
      }
      assertEquals(3, place.storage.calls(Operation.SYNC).size());
      return place.storage.calls(Operation.WRITE).size();
    }
  }

  private void receiveInPlace(Workplace place, Layout layout) throws Exception {
    place.layout = layout;
    Files.write(place.image, OLDER);
    try (Descriptor file = system.open(place.image, OpenFlags.READ_WRITE, 0)) {
      place.receive(STREAM, TargetUri.descriptor(file.number()));
    }
  }

  private void check(Layout layout, FaultPlan plan) throws Exception {
    try (Workplace place = new Workplace(plan)) {
      StillframeException e =
          assertThrows(
              StillframeException.class, () -> receiveInPlace(place, layout), plan::toString);
      assertTrue(e.why().contains("the power was cut"), plan + ": " + e.getMessage());
      place.storage.assertClean();
      place.storage.powerOn();
      byte[] left = Files.readAllBytes(place.image);
      if (taken(place)) {
        byte[] expected = left[20_000] == OLDER[20_000] ? OLDER : whole;
        assertArrayEquals(expected, left, plan::toString);
      }
    }
  }

  private static boolean taken(Workplace place) throws Exception {
    try {
      place.inspect();
      return true;
    } catch (StillframeException e) {
      return false;
    }
  }
}
