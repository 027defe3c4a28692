/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TargetTest {
  @Test
  void withoutFactsNothingIsClaimed() {
    Target target = Target.builder("file:/srv/a", TargetKind.REGULAR).build();
    assertEquals(Target.NO_DESCRIPTOR, target.descriptor());
    assertEquals(0, target.size());
    assertEquals(4096, target.blockSize());
    assertEquals("", target.fileSystem());
    assertEquals(-1, target.directMemoryAlignment());
    assertEquals(-1, target.directOffsetAlignment());
  }

  @Test
  void carriesWhatItWasTold() {
    Target target =
        Target.builder("fd:7", TargetKind.BLOCK)
            .descriptor(7)
            .size(1L << 40)
            .blockSize(512)
            .fileSystem("ext4")
            .directAlignment(4, 512)
            .build();
    assertEquals("fd:7", target.name());
    assertEquals(TargetKind.BLOCK, target.kind());
    assertEquals(7, target.descriptor());
    assertEquals(1L << 40, target.size());
    assertEquals(512, target.blockSize());
    assertEquals("ext4", target.fileSystem());
    assertEquals(4, target.directMemoryAlignment());
    assertEquals(512, target.directOffsetAlignment());
  }

  @Test
  void blockSizeIsAtLeast1() {
    assertEquals(1, Target.builder("fd:7", TargetKind.PIPE).blockSize(0).build().blockSize());
    assertEquals(1, Target.builder("fd:7", TargetKind.PIPE).blockSize(-5).build().blockSize());
  }

  @Test
  void aBuilderUsedAgainLeavesWhatItMadeAlone() {
    Target.Builder builder = Target.builder("fd:7", TargetKind.REGULAR).size(1);
    Target first = builder.build();
    assertEquals(2, builder.size(2).build().size());
    assertEquals(1, first.size());
  }

  @Test
  void namesItselfWithItsKindAndFileSystem() {
    assertEquals("fd:7 (pipe)", Target.builder("fd:7", TargetKind.PIPE).build().toString());
    assertEquals(
        "a (regular file, xfs)",
        Target.builder("a", TargetKind.REGULAR).fileSystem("xfs").build().toString());
  }

  @Test
  void nameKindAndFileSystemAreNeeded() {
    assertThrows(NullPointerException.class, () -> Target.builder(null, TargetKind.REGULAR));
    assertThrows(NullPointerException.class, () -> Target.builder("a", null));
    Target.Builder builder = Target.builder("a", TargetKind.REGULAR);
    assertThrows(NullPointerException.class, () -> builder.fileSystem(null));
  }
}
