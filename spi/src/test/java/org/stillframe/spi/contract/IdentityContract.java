/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.spi.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Modifier;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.stillframe.spi.MigrationBackend;

/** How a backend is found and what it is called. */
interface IdentityContract extends BackendUnderTest {
  @Test
  default void nameIsShortAndPlain() {
    String name = bench().backend().name();
    assertTrue(name.matches("[a-z][a-z0-9-]{0,31}"), name);
  }

  @Test
  default void nameIsStable() {
    assertEquals(bench().backend().name(), bench().backend().name());
    assertEquals(newBackend().name(), newBackend().name());
  }

  @Test
  default void spiVersionIsOneThatExists() {
    int version = bench().backend().spiVersion();
    assertTrue(version >= 1 && version <= MigrationBackend.SPI_VERSION, "version " + version);
  }

  @Test
  default void hasAPublicConstructorWithoutParameters() throws ReflectiveOperationException {
    Class<? extends MigrationBackend> type = bench().backend().getClass();
    assertTrue(Modifier.isPublic(type.getModifiers()), type + " is public");
    assertTrue(Modifier.isPublic(type.getConstructor().getModifiers()));
  }

  @Test
  default void isDeclaredAsAService() {
    Class<?> type = bench().backend().getClass();
    List<ServiceLoader.Provider<MigrationBackend>> declared =
        ServiceLoader.load(MigrationBackend.class).stream()
            .filter(provider -> provider.type() == type)
            .toList();
    assertEquals(1, declared.size(), "declarations of " + type);
    assertEquals(bench().backend().name(), declared.get(0).get().name());
  }

  @Test
  default void nameIsItsOwnAmongThoseThatAreThere() {
    String name = bench().backend().name();
    long sharing =
        ServiceLoader.load(MigrationBackend.class).stream()
            .filter(provider -> provider.get().name().equals(name))
            .count();
    assertEquals(1, sharing, "backends called " + name);
  }
}
