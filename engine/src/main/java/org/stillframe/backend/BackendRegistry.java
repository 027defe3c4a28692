/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.MigrationBackend;

/**
 * The backends of an installation, by name. Immutable and thread-safe. There is nothing to close:
 * the class loaders of plugins live as long as somebody has a backend of theirs, which may be
 * longer than the registry, and their jars are let go of with them.
 */
public final class BackendRegistry {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private final Map<String, MigrationBackend> backends;

  private BackendRegistry(Map<String, MigrationBackend> backends) {
    this.backends = Collections.unmodifiableMap(backends);
  }

  /**
   * The backends that {@link ServiceLoader} finds through a class loader, and those of the plugins.
   *
   * @param plugins a directory with a folder for each plugin, as {@link PluginDirectory} describes
   * @throws RequestException UNSUPPORTED if one of them is broken, none is left out silently;
   *     INVALID_REQUEST if there is no such directory
   */
  public static BackendRegistry load(ClassLoader loader, Optional<Path> plugins)
      throws RequestException {
    List<MigrationBackend> found = new ArrayList<>();
    found.addAll(new Providers(loader, "storage backends of the class path").make());
    if (plugins.isPresent()) {
      found.addAll(new PluginDirectory(plugins.get()).backends());
    }
    return of(found);
  }

  /**
   * These backends and no others.
   *
   * @throws RequestException UNSUPPORTED if a name is not a name, or is there twice, or a backend
   *     was made for another version of the interface
   */
  public static BackendRegistry of(Collection<? extends MigrationBackend> backends)
      throws RequestException {
    Map<String, MigrationBackend> byName = new TreeMap<>();
    for (MigrationBackend backend : backends) {
      String name = checkedName(backend);
      MigrationBackend other = byName.putIfAbsent(name, backend);
      if (other != null) {
        throw BackendFaults.refused(
            BackendFaults.describe(backend),
            "the name is taken by " + BackendFaults.describe(other.getClass()),
            "remove one of the two",
            null);
      }
    }
    return new BackendRegistry(byName);
  }

  private static String checkedName(MigrationBackend backend) throws RequestException {
    String name;
    int version;
    try {
      ClassLoader loader = backend.getClass().getClassLoader();
      name = ContextLoader.with(loader, backend::name);
      version = ContextLoader.with(loader, backend::spiVersion);
    } catch (RuntimeException | LinkageError e) {
      throw BackendFaults.thrown(
          "backend of " + BackendFaults.describe(backend.getClass()),
          "it cannot say what it is",
          e);
    }
    if (name == null || !NAME.matcher(name).matches()) {
      throw BackendFaults.refused(
          BackendFaults.describe(backend),
          "the name does not match " + NAME,
          "ask its author to rename it",
          null);
    }
    if (version != MigrationBackend.SPI_VERSION) {
      throw BackendFaults.refused(
          BackendFaults.describe(backend),
          "it was made for version "
              + version
              + " of the backend interface, and this is version "
              + MigrationBackend.SPI_VERSION,
          "install a build of it for this version",
          null);
    }
    return name;
  }

  /** All backends, in the order of their names. */
  public Collection<MigrationBackend> all() {
    return backends.values();
  }

  /**
   * The backend of a name.
   *
   * @throws RequestException INVALID_REQUEST if there is none; the message lists what there is
   */
  public MigrationBackend named(String name) throws RequestException {
    MigrationBackend backend = backends.get(name);
    if (backend == null) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          "backend '" + name + "'",
          "there is none of this name",
          backends.isEmpty()
              ? "none is installed at all: add one as a plugin, or to the class path"
              : "choose one of " + String.join(", ", backends.keySet()));
    }
    return backend;
  }
}
