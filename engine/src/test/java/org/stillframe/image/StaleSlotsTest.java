/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.spi.SystemCallException;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedHeader;
import org.stillframe.stream.PageBitmap;
import org.stillframe.stream.RamBlock;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

class StaleSlotsTest {
  private static final int PAGE = 4096;
  private static final int PAGES = 300;
  private static final int AREA = 1 << 20;

  @TempDir Path directory;

  /** As of a file system that knows no holes. */
  private static final class NoHoles extends FileCalls {
    NoHoles(SystemCalls system) {
      super(system);
    }

    @Override
    public boolean punch(int fd, long offset, long length) {
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void bytesOfPagesThatAreZeroAreTakenAway(boolean holes) throws Exception {
    byte[] content = new byte[AREA + PAGES * PAGE + 1000];
    new Random(1).nextBytes(content);
    PageBitmap bitmap = new PageBitmap(PAGES);
    Random random = new Random(2);
    byte[] expected = content.clone();
    for (int page = 0; page < PAGES; page++) {
      if (random.nextInt(3) > 0) {
        bitmap.set(page, 1);
      } else {
        Arrays.fill(expected, AREA + page * PAGE, AREA + (page + 1) * PAGE, (byte) 0);
      }
    }
    Path file = directory.resolve("image");
    Files.write(file, content);
    assertTrue(clear(file, bitmap, holes));
    assertArrayEquals(expected, Files.readAllBytes(file));
  }

  private static boolean clear(Path file, PageBitmap bitmap, boolean holes)
      throws IOException, SystemCallException {
    SystemCalls system = new SystemCalls();
    RamBlock block = new RamBlock(0, "pc.ram", (long) PAGES * PAGE, OptionalLong.empty());
    try (Descriptor open = system.open(file, OpenFlags.READ_WRITE, 0)) {
      FileCalls files = holes ? new FileCalls(system) : new NoHoles(system);
      StaleSlots slots = new StaleSlots(files, open.number());
      slots.clear(new MappedBlock(block, new MappedHeader(PAGE, 100, AREA), bitmap));
      return slots.found();
    }
  }
}
