/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.odirect;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

class GeometryTest {
  @ParameterizedTest
  @CsvSource({
    // memory, offset, block, page; memory, sector, granule
    "512, 512, 4096, 4096, 512, 512, 4096",
    "4, 512, 512, 4096, 4, 512, 4096",
    "512, 512, 4096, 65536, 512, 512, 65536",
    "4096, 16384, 4096, 4096, 4096, 16384, 16384",
    // The page cache of large blocks has no smaller units.
    "512, 512, 65536, 4096, 512, 512, 65536",
    // A wish for large requests is no block.
    "512, 512, 1048576, 4096, 512, 512, 4096",
    "512, 512, 3000, 4096, 512, 512, 4096",
    // What the kernel does not say is taken from the file system's block.
    "-1, -1, 4096, 4096, 4096, 4096, 4096",
    "-1, -1, 512, 4096, 4096, 4096, 4096",
    "-1, -1, 16384, 4096, 4096, 16384, 16384",
    "-1, -1, 1048576, 4096, 4096, 4096, 4096",
  })
  void isThatOfTheKernelThePageAndTheBlock(
      int memory,
      int offset,
      int block,
      int page,
      int wantMemory,
      int wantSector,
      int wantGranule) {
    Target target =
        Target.builder("a", TargetKind.REGULAR)
            .blockSize(block)
            .directAlignment(memory, offset)
            .build();
    assertEquals(new Geometry(wantMemory, wantSector, wantGranule), Geometry.of(target, page));
  }
}
