/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.Target;

/**
 * The contract of a {@link org.stillframe.spi.MigrationBackend} where it serves nothing: files of
 * {@link #directory()}, with what is {@link #wanted()}, are all refused.
 */
public abstract class RefusalContract extends AbstractContract {
  /** For subclasses. */
  protected RefusalContract() {}

  /** A word that the reason contains, in small letters or capitals. */
  protected abstract String reason();

  @Test
  void whatDoesNotExistYetIsRefused() throws IOException {
    requireRefusal(bench().facts(bench().directory()).size(0).build(), wanted());
  }

  @Test
  void aFileIsRefused() throws IOException {
    requireRefusal(bench().facts(bench().file(new byte[5000])).build(), wanted());
  }

  @Test
  void askingForMoreDoesNotHelp() throws IOException {
    Set<Capability> more = EnumSet.allOf(Capability.class);
    more.addAll(wanted());
    Appraisal appraisal = bench().backend().appraise(bench().facts(bench().file()).build(), more);
    assertFalse(appraisal.isAccepted(), appraisal.toString());
  }

  private void requireRefusal(Target target, Set<Capability> wanted) {
    Appraisal appraisal = bench().backend().appraise(target, wanted);
    assertFalse(appraisal.isAccepted(), appraisal.toString());
    requireReason(appraisal.reason());
  }

  private void requireReason(String said) {
    String word = reason().toLowerCase(Locale.ROOT);
    assertTrue(said.toLowerCase(Locale.ROOT).contains(word), "'" + word + "' in: " + said);
  }

  @ParameterizedTest
  @EnumSource
  void openingSaysWhatItRefusesAndWhy(OpenMode mode) throws IOException {
    Path path = bench().file(new byte[5000]);
    IOException failure =
        assertThrows(IOException.class, () -> bench().opened(path, mode, wanted()));
    assertTrue(failure.getMessage().contains(path.toString()), failure.getMessage());
    assertFalse(failure.getMessage().contains("\n"), failure.getMessage());
    requireReason(failure.getMessage());
  }

  @ParameterizedTest
  @EnumSource
  void aRefusalChangesNothing(OpenMode mode) throws IOException {
    byte[] content = Bytes.random(90, 5000);
    Path path = bench().file(content);
    Descriptor descriptor =
        bench().descriptor(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    descriptor.file().position(77);
    FileTime modified = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(path, modified);
    Target target = bench().target(path, descriptor);
    Set<Integer> before = bench().descriptors().keySet();
    for (int i = 0; i < 3; i++) {
      bench().backend().appraise(target, wanted());
      assertThrows(IOException.class, () -> bench().opened(target, mode, wanted()));
    }
    assertEquals(before, bench().descriptors().keySet(), "descriptors left open");
    assertTrue(descriptor.isOpen());
    assertEquals(77, descriptor.file().position());
    assertEquals(modified, Files.getLastModifiedTime(path));
    assertArrayEquals(content, Files.readAllBytes(path));
    assertArrayEquals(new String[] {"image"}, bench().directory().toFile().list());
  }
}
