/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.system;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** This process writes into itself. */
class GatheredWriteTest {
  private final SystemCalls system = new SystemCalls();

  @Test
  void isFullWhereItHasNoRoomOnEitherSide() throws Exception {
    GatheredWrite write = new GatheredWrite(system, (int) ProcessHandle.current().pid());
    ByteBuffer from = ByteBuffer.allocateDirect(2000);
    ByteBuffer to = ByteBuffer.allocateDirect(4000);
    long address = system.libc().address(to);
    int pieces = 0;
    // What lies together here belongs apart there.
    for (; !write.isFull(); pieces++) {
      from.put(pieces, (byte) (pieces + 1));
      write.add(from, pieces, address + 2L * pieces, 1);
    }
    assertEquals(1024, pieces);
    write.write();
    assertTrue(write.isEmpty());
    assertFalse(write.isFull());
    for (int i = 0; i < pieces; i++) {
      assertEquals((byte) (i + 1), to.get(2 * i));
      assertEquals(0, to.get(2 * i + 1));
    }
  }
}
