/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.MigrationBackend;

/** The backends of an installation, by name. Immutable and thread-safe. */
public final class BackendRegistry {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private final Map<String, MigrationBackend> backends;

  private BackendRegistry(Map<String, MigrationBackend> backends) {
    this.backends = Collections.unmodifiableMap(backends);
  }

  /**
   * The backends that {@link ServiceLoader} finds through a class loader.
   *
   * @throws RequestException UNSUPPORTED if one of them is broken; none is left out silently
   */
  public static BackendRegistry load(ClassLoader loader) throws RequestException {
    List<MigrationBackend> found = new ArrayList<>();
    try {
      ServiceLoader.load(MigrationBackend.class, loader).forEach(found::add);
    } catch (ServiceConfigurationError | LinkageError e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw refused(
          "storage backends",
          e.getMessage() + (cause == e ? "" : " (" + cause + ")"),
          "repair or remove that jar",
          e);
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
        throw refused(
            describe(backend, name),
            "the name is taken by " + other.getClass().getName(),
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
      name = backend.name();
      version = backend.spiVersion();
    } catch (RuntimeException | LinkageError e) {
      throw refused(
          "backend of " + backend.getClass().getName(),
          "it cannot say what it is: " + e,
          "repair or remove its jar",
          e);
    }
    if (name == null || !NAME.matcher(name).matches()) {
      throw refused(
          describe(backend, name),
          "the name does not match " + NAME,
          "ask its author to rename it",
          null);
    }
    if (version != MigrationBackend.SPI_VERSION) {
      throw refused(
          describe(backend, name),
          "it was made for version "
              + version
              + " of the backend interface, and this is version "
              + MigrationBackend.SPI_VERSION,
          "install a build of it for this version",
          null);
    }
    return name;
  }

  private static String describe(MigrationBackend backend, String name) {
    return "backend '" + name + "' of " + backend.getClass().getName();
  }

  private static RequestException refused(String what, String why, String remedy, Throwable cause) {
    return new RequestException(ErrorCode.UNSUPPORTED, what, why, remedy, cause);
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
              ? "none is installed at all: add the jar of one to the class path"
              : "choose one of " + String.join(", ", backends.keySet()));
    }
    return backend;
  }
}
