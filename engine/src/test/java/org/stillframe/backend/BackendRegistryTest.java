/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.when;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.OpenMode;
import org.stillframe.spi.StateFile;
import org.stillframe.spi.Target;

class BackendRegistryTest {
  @TempDir Path directory;

  static MigrationBackend backend(String name) {
    MigrationBackend backend = mock(MigrationBackend.class);
    when(backend.name()).thenReturn(name);
    when(backend.spiVersion()).thenReturn(MigrationBackend.SPI_VERSION);
    return backend;
  }

  private static RequestException refused(MigrationBackend... backends) {
    RequestException e =
        assertThrows(RequestException.class, () -> BackendRegistry.of(List.of(backends)));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    return e;
  }

  @Test
  void backendsAreFoundByNameAndListedInOrder() throws Exception {
    MigrationBackend uring = backend("uring");
    MigrationBackend posix = backend("posix");
    BackendRegistry registry = BackendRegistry.of(List.of(uring, posix));
    assertSame(uring, registry.named("uring"));
    assertEquals(List.of(posix, uring), List.copyOf(registry.all()));
    assertThrows(UnsupportedOperationException.class, () -> registry.all().clear());
  }

  @Test
  void anUnknownNameListsWhatThereIs() throws Exception {
    BackendRegistry two = BackendRegistry.of(List.of(backend("uring"), backend("posix")));
    RequestException e = assertThrows(RequestException.class, () -> two.named("tape"));
    assertEquals(ErrorCode.INVALID_REQUEST, e.code());
    assertEquals(
        "backend 'tape': there is none of this name; choose one of posix, uring", e.getMessage());
    BackendRegistry none = BackendRegistry.of(List.of());
    e = assertThrows(RequestException.class, () -> none.named("tape"));
    assertTrue(e.remedy().contains("none is installed"), e.remedy());
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "Posix",
        "9p",
        "-a",
        "a b",
        "a_b",
        "a\n",
        "abcdefghijklmnopqrstuvwxyz-0123456"
      })
  void aNameMustBeAName(String name) {
    RequestException e = refused(backend(name));
    assertTrue(e.why().contains("does not match [a-z]"), e.why());
  }

  @Test
  void namesAtTheLimitsAreNames() throws Exception {
    String longest = "a".repeat(32);
    assertNotNull(BackendRegistry.of(List.of(backend(longest))).named(longest));
    assertNotNull(BackendRegistry.of(List.of(backend("a"))).named("a"));
  }

  @Test
  void aNameCannotBeThereTwice() {
    RequestException e = refused(backend("posix"), backend("posix"));
    assertTrue(e.getMessage().startsWith("backend 'posix' of "), e.getMessage());
    assertTrue(e.why().startsWith("the name is taken by "), e.why());
  }

  @Test
  void anotherVersionOfTheInterfaceIsRefused() {
    MigrationBackend old = backend("old");
    when(old.spiVersion()).thenReturn(MigrationBackend.SPI_VERSION + 1);
    RequestException e = refused(backend("posix"), old);
    assertTrue(e.what().startsWith("backend 'old'"), e.what());
    assertTrue(e.why().contains("version " + (MigrationBackend.SPI_VERSION + 1)), e.why());
  }

  @Test
  void aBackendThatCannotSayItsNameIsNamedByItsClass() {
    MigrationBackend broken = mock(MigrationBackend.class);
    when(broken.name()).thenThrow(new AbstractMethodError("name"));
    RequestException e = refused(broken);
    assertTrue(e.what().contains(broken.getClass().getName()), e.what());
    assertTrue(e.why().contains("AbstractMethodError"), e.why());
  }

  @Test
  void aProviderThatIsMissingIsNamed() throws Exception {
    RequestException e = loadWith("com.example.Gone");
    assertTrue(e.getMessage().contains("com.example.Gone"), e.getMessage());
  }

  @Test
  void aProviderThatCannotBeMadeIsNamedWithItsReason() throws Exception {
    RequestException e = loadWith(Unwilling.class.getName());
    assertTrue(e.getMessage().contains("Unwilling"), e.getMessage());
    assertTrue(e.getMessage().contains("no such library"), e.getMessage());
    assertNotNull(e.getCause());
  }

  @Test
  void aProviderThatIsNoBackendIsNamed() throws Exception {
    RequestException e = loadWith(BackendRegistryTest.class.getName());
    assertTrue(e.getMessage().contains("BackendRegistryTest"), e.getMessage());
  }

  @Test
  void theProvidersOfTheClassPathAreFound() throws Exception {
    BackendRegistry registry = BackendRegistry.load(getClass().getClassLoader(), Optional.empty());
    assertEquals("posix", registry.named("posix").name());
  }

  /** Loads through a class loader that sees a services file with this provider in it. */
  private RequestException loadWith(String provider) throws Exception {
    Path services = Files.createDirectories(directory.resolve("META-INF/services"));
    Files.writeString(services.resolve(MigrationBackend.class.getName()), provider + "\n");
    URL[] urls = {directory.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(urls, getClass().getClassLoader())) {
      RequestException e =
          assertThrows(
              RequestException.class, () -> BackendRegistry.load(loader, Optional.empty()));
      assertEquals(ErrorCode.UNSUPPORTED, e.code());
      assertEquals("storage backends of the class path", e.what());
      return e;
    }
  }

  /** Cannot be made. */
  public static final class Unwilling implements MigrationBackend {
    /** Fails. */
    public Unwilling() {
      throw new UnsatisfiedLinkError("no such library");
    }

    @Override
    public String name() {
      return "unwilling";
    }

    @Override
    public int spiVersion() {
      return SPI_VERSION;
    }

    @Override
    public Appraisal appraise(Target target, Set<Capability> wanted) {
      return Appraisal.refused("never made");
    }

    @Override
    public StateFile open(Target target, OpenMode mode, Set<Capability> wanted) {
      throw new AssertionError("never made");
    }
  }
}
