/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.inject.Guice;
import com.google.inject.ProvisionException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.stillframe.backend.PluginDirectory;
import org.stillframe.cli.PluginSamples.Sound;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.guice.StillframeModule;
import org.stillframe.manager.BackendDescription;
import org.stillframe.manager.BackendsReport;
import org.stillframe.manager.BackendsRequest;
import org.stillframe.manager.MigrationManager;
import org.stillframe.manager.Stillframe;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.target.TargetUri;

/** Plugins in a directory that a program of somebody else's names. */
class PluginsOfAProgramTest {
  /** How a program names it. */
  enum Way {
    BUILDER {
      @Override
      MigrationManager manager(Path plugins) throws RequestException {
        return Stillframe.builder().plugins(plugins).build();
      }
    },
    MODULE {
      @Override
      MigrationManager manager(Path plugins) throws RequestException {
        try {
          return Guice.createInjector(new StillframeModule(plugins))
              .getInstance(MigrationManager.class);
        } catch (ProvisionException e) {
          throw (RequestException) e.getCause();
        }
      }
    };

    abstract MigrationManager manager(Path plugins) throws RequestException;
  }

  @TempDir Path directory;
  private Path plugins;
  private Path jar;

  @BeforeEach
  void install() throws Exception {
    // A path that an URL has to quote.
    plugins = directory.resolve("my plugins");
    jar = Files.createDirectories(plugins.resolve("sample")).resolve("backend.jar");
    InstalledCommand.jar(jar, Sound.class.getName(), Sound.class);
  }

  private BackendsReport report(MigrationManager manager) throws Exception {
    TargetUri target = TargetUri.file(directory.resolve("vm1.image"));
    return manager.backends(BackendsRequest.builder().target(target).build());
  }

  @ParameterizedTest
  @EnumSource
  void theirBackendsTakePart(Way way) throws Exception {
    try (MigrationManager manager = way.manager(plugins)) {
      BackendsReport report = report(manager);
      BackendDescription sample =
          report.backends().stream().filter(b -> b.name().equals("sample")).findFirst().get();
      assertEquals(Optional.of(jar.toString()), sample.origin());
      MigrationBackend chosen = report.chosen().orElseThrow().backend();
      assertEquals("sample", chosen.name());
      assertNotSame(Sound.class, chosen.getClass());
      assertTrue(report.backends().stream().anyMatch(b -> b.name().equals("posix")));
    }
  }

  @Test
  void oneBuilderMakesMany() throws Exception {
    Stillframe.Builder builder = Stillframe.builder().plugins(plugins);
    for (int i = 0; i < 2; i++) {
      try (MigrationManager manager = builder.build()) {
        assertEquals("sample", report(manager).chosen().orElseThrow().backend().name());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDirectoryThatIsNotThere(Way way) {
    Path none = directory.resolve("none");
    RequestException e = assertThrows(RequestException.class, () -> way.manager(none));
    assertEquals(ErrorCode.INVALID_REQUEST, e.code());
    assertEquals("plugin directory " + none, e.what());
  }

  @ParameterizedTest
  @EnumSource
  void aBrokenPlugin(Way way) throws Exception {
    Files.writeString(jar, "no jar");
    RequestException e = assertThrows(RequestException.class, () -> way.manager(plugins));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    assertEquals("plugin folder " + jar.getParent(), e.what());
  }

  @ParameterizedTest
  @EnumSource
  void whatTheProgramSaysCountsMoreThanTheProperty(Way way) throws Exception {
    String before = System.getProperty(PluginDirectory.PROPERTY);
    System.setProperty(PluginDirectory.PROPERTY, directory.resolve("none").toString());
    try (MigrationManager manager = way.manager(plugins)) {
      assertEquals("sample", report(manager).chosen().orElseThrow().backend().name());
      assertThrows(RequestException.class, Stillframe::create);
    } finally {
      if (before == null) {
        System.clearProperty(PluginDirectory.PROPERTY);
      } else {
        System.setProperty(PluginDirectory.PROPERTY, before);
      }
    }
  }
}
