/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.stillframe.channel.Supervision;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.stream.MappedBlock;
import org.stillframe.stream.MappedHeader;
import org.stillframe.stream.PageBitmap;
import org.stillframe.stream.RamBlock;
import org.stillframe.system.Descriptor;
import org.stillframe.system.FileCalls;
import org.stillframe.system.OpenFlags;
import org.stillframe.system.SystemCalls;

class SlotSearchTest {
  private static final int PAGE = 4096;
  private static final int PAGES = 700;
  private static final long AREA = 3 << 20;

  @TempDir Path directory;

  @Test
  void aByteIsFoundWhereverItIsAndHolesAreNotSeen() throws Exception {
    long seed = System.nanoTime();
    for (int round = 0; round < 40; round++) {
      Random random = new Random(seed + round);
      PageBitmap bitmap = new PageBitmap(PAGES);
      Path image = directory.resolve("image" + round);
      try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
        byte[] page = new byte[PAGE];
        // What stands before the area and behind it is of no account.
        file.seek(AREA - PAGE);
        file.write(filled(random, page));
        file.seek(AREA + (long) PAGES * PAGE);
        file.write(filled(random, page));
        for (int i = 0; i < PAGES; i++) {
          file.seek(AREA + (long) i * PAGE);
          int kind = random.nextInt(4);
          if (kind < 2) {
            bitmap.set(i, 1);
            file.write(filled(random, page));
          } else if (kind == 2) {
            file.write(new byte[PAGE]);
          }
        }
        assertEquals(OptionalLong.empty(), search(image, bitmap), "seed " + (seed + round));
        long clear = bitmap.nextClear(random.nextInt(PAGES), PAGES);
        if (clear < PAGES) {
          long at = AREA + clear * PAGE + random.nextInt(PAGE);
          file.seek(at);
          file.write(1);
          assertEquals(OptionalLong.of(at), search(image, bitmap), "seed " + (seed + round));
        }
      }
    }
  }

  @Test
  void whoGivesUpIsHeardAlthoughAllThatIsThereIsMarked() throws Exception {
    Path image = directory.resolve("image");
    PageBitmap bitmap = new PageBitmap(PAGES);
    try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
      for (int page = 0; page < PAGES; page += 100) {
        bitmap.set(page, 1);
        file.seek(AREA + (long) page * PAGE);
        file.write(1);
      }
    }
    Supervision.Watch watch =
        () -> {
          throw new CancelledException(ErrorCode.CANCELLED, "look", "cancelled", "");
        };
    assertThrows(CancelledException.class, () -> search(image, bitmap, watch));
  }

  private static byte[] filled(Random random, byte[] page) {
    random.nextBytes(page);
    return page;
  }

  private static OptionalLong search(Path image, PageBitmap bitmap) throws Exception {
    return search(image, bitmap, () -> {});
  }

  private static OptionalLong search(Path image, PageBitmap bitmap, Supervision.Watch watch)
      throws Exception {
    SystemCalls system = new SystemCalls();
    RamBlock block = new RamBlock(0, "pc.ram", (long) PAGES * PAGE, OptionalLong.empty());
    try (Descriptor open = system.open(image, OpenFlags.READ_ONLY, 0)) {
      return new SlotSearch(new FileCalls(system), open.number(), watch)
          .stale(new MappedBlock(block, new MappedHeader(PAGE, 100, AREA), bitmap));
    }
  }
}
