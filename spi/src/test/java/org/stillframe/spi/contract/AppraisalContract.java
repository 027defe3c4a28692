/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

/** What a backend says of targets. */
interface AppraisalContract extends BackendUnderTest {
  /** Every combination of what may be asked for. */
  List<Set<Capability>> COMBINATIONS =
      List.of(
          Set.of(),
          Set.of(Capability.DIRECT_MAPPED),
          Set.of(Capability.BYPASS_CACHE),
          EnumSet.allOf(Capability.class));

  @ParameterizedTest
  @EnumSource
  default void everyQuestionHasAnAnswerWithAReason(TargetKind kind) {
    for (Set<Capability> wanted : COMBINATIONS) {
      for (String fileSystem : List.of("", "ext4", "tmpfs", "no-such-file-system")) {
        for (int alignment : new int[] {-1, 0, 1, 512, 4096, 65536}) {
          Target.Builder target =
              Target.builder("file:/nowhere", kind)
                  .fileSystem(fileSystem)
                  .directAlignment(alignment, alignment);
          check(target.build(), wanted);
          check(target.size(Long.MAX_VALUE).blockSize(0).build(), wanted);
        }
      }
    }
  }

  private void check(Target target, Set<Capability> wanted) {
    String question = target + " " + wanted;
    Appraisal appraisal = bench().backend().appraise(target, wanted);
    assertNotNull(appraisal, question);
    assertFalse(appraisal.reason().isBlank(), question);
    assertTrue(appraisal.rank() >= 0 && appraisal.rank() <= 100, question);
    Appraisal again = bench().backend().appraise(target, wanted);
    assertEquals(appraisal.toString(), again.toString(), question + " asked again");
  }

  @ParameterizedTest
  @EnumSource(names = {"DIRECTORY", "LINK"})
  default void whatHoldsNoBytesIsRefused(TargetKind kind) {
    for (Set<Capability> wanted : COMBINATIONS) {
      Target target = Target.builder("file:/nowhere", kind).build();
      assertFalse(bench().backend().appraise(target, wanted).isAccepted(), kind + " " + wanted);
    }
  }

  @ParameterizedTest
  @EnumSource
  default void positionsAreRefusedWhereThereAreNone(TargetKind kind) {
    if (!kind.seekable()) {
      Target target = Target.builder("fd:9", kind).build();
      for (Set<Capability> wanted : COMBINATIONS) {
        boolean accepted = bench().backend().appraise(target, wanted).isAccepted();
        assertFalse(accepted && wanted.contains(Capability.DIRECT_MAPPED), kind + " " + wanted);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"REGULAR", "BLOCK"})
  default void bypassingIsRefusedWhereTheKernelSaysNo(TargetKind kind) {
    Target target = Target.builder("fd:9", kind).directAlignment(0, 0).build();
    assertFalse(bench().backend().appraise(target, Set.of(Capability.BYPASS_CACHE)).isAccepted());
  }

  @Test
  default void aRegularFileIsAcceptedBeforeItExists() throws IOException {
    Target target = bench().facts(bench().directory()).size(0).build();
    Appraisal appraisal = bench().backend().appraise(target, wanted());
    assertTrue(appraisal.isAccepted(), appraisal.toString());
  }

  @ParameterizedTest
  @EnumSource(names = {"PIPE", "SOCKET"})
  default void streamsAreAnsweredAsDeclared(TargetKind kind) {
    Target target = Target.builder("fd:9", kind).build();
    Appraisal appraisal = bench().backend().appraise(target, Set.of());
    assertEquals(servesStreams(), appraisal.isAccepted(), appraisal.toString());
  }

  @Test
  default void bypassingIsAnsweredAsDeclared() throws IOException {
    Target target = bench().facts(bench().file()).build();
    Appraisal appraisal = bench().backend().appraise(target, Set.of(Capability.BYPASS_CACHE));
    assertEquals(bypassesCache(), appraisal.isAccepted(), appraisal.toString());
  }

  @Test
  default void appraisingChangesNothing() throws IOException {
    byte[] content = Bytes.random(1, 10_000);
    Path path = bench().file(content);
    FileTime modified = FileTime.fromMillis(1_000_000);
    Descriptor descriptor =
        bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    descriptor.file().position(77);
    Files.setLastModifiedTime(path, modified);
    Set<Integer> before = bench().descriptors().keySet();
    for (Set<Capability> wanted : COMBINATIONS) {
      bench().backend().appraise(bench().target(path, descriptor), wanted);
    }
    assertEquals(before, bench().descriptors().keySet());
    assertEquals(77, descriptor.file().position());
    assertEquals(modified, Files.getLastModifiedTime(path));
    assertArrayEquals(content, Files.readAllBytes(path));
    assertArrayEquals(new String[] {"image"}, bench().directory().toFile().list());
  }
}
