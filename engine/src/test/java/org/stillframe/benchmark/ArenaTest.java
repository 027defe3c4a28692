/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.benchmark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;

class ArenaTest {
  private static Setting setting(int blockSize, int depth, int queues) {
    return new Setting("tape", false, Operation.WRITE, blockSize, depth, queues);
  }

  @Test
  void eachQueueHasBuffersOfItsOwnForEachSetting() throws Exception {
    Setting deep = setting(4096, 16, 1);
    Setting wide = setting(12288, 2, 3);
    Arena arena = Arena.forAll(List.of(deep, wide));
    assertEquals(16, arena.pool(deep, 0).all().size());
    Set<ByteBuffer> contents = new HashSet<>();
    for (int queue = 0; queue < 3; queue++) {
      for (ByteBuffer buffer : arena.pool(wide, queue).all()) {
        assertEquals(12288, buffer.remaining());
        assertEquals(0, buffer.alignmentOffset(0, 4096), "aligned");
        assertTrue(buffer.isDirect(), "direct");
        assertTrue(contents.add(buffer), "no two hold the same");
      }
    }
    assertEquals(6, contents.size());
  }

  @Test
  void theBytesCannotBeMadeLess() throws Exception {
    Setting setting = setting(1 << 16, 4, 1);
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (DeflaterOutputStream deflater = new DeflaterOutputStream(packed)) {
      for (ByteBuffer buffer : Arena.forAll(List.of(setting)).pool(setting, 0).all()) {
        write(deflater, buffer);
      }
    }
    assertTrue(packed.size() >= 4 << 16, "deflated to " + packed.size());
    assertNotEquals(0, packed.toByteArray()[4 << 15]);
  }

  private static void write(DeflaterOutputStream out, ByteBuffer buffer) throws IOException {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    out.write(bytes);
  }

  @Test
  void moreThanThereIsIsRefused() {
    // Beyond what a buffer can be, and beyond what the JVM of the tests has.
    for (Setting setting : List.of(setting(1 << 30, 4, 1), setting(1 << 20, 1024, 4))) {
      RequestException e =
          assertThrows(RequestException.class, () -> Arena.forAll(List.of(setting)));
      assertEquals(ErrorCode.UNSUPPORTED, e.code());
      assertTrue(e.getMessage().contains("buffers of 4096 MiB"), e.getMessage());
      assertTrue(e.remedy().contains("MaxDirectMemorySize"), e.remedy());
    }
  }
}
