/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CapabilityTest {
  @ParameterizedTest
  @CsvSource({
    "direct-mapped, DIRECT_MAPPED",
    "mapped-ram, DIRECT_MAPPED",
    "Mapped-RAM, DIRECT_MAPPED",
    "bypass-cache, BYPASS_CACHE",
    "direct-io, BYPASS_CACHE",
    "DIRECT-IO, BYPASS_CACHE",
  })
  void isFoundByOurNameAndByQemus(String name, Capability expected) {
    assertEquals(Optional.of(expected), Capability.named(name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "DIRECT_MAPPED", "direct-mapped ", "multifd"})
  void otherNamesAreNone(String name) {
    assertEquals(Optional.empty(), Capability.named(name));
  }

  @Test
  void namesDoNotDependOnTheLanguageOfTheHost() {
    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("tr"));
    try {
      assertEquals(Optional.of(Capability.DIRECT_MAPPED), Capability.named("DIRECT-MAPPED"));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void isPrintedByItsLabel() {
    assertEquals("bypass-cache", Capability.BYPASS_CACHE.toString());
  }
}
