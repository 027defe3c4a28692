/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.backend.BackendSelector;
import org.stillframe.backend.PluginDirectory;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.channel.ThreadChannelScheduler;
import org.stillframe.error.RequestException;
import org.stillframe.guest.Endpoints;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.QmpGuestConnector;
import org.stillframe.guest.SystemEndpoints;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.SystemTargets;
import org.stillframe.target.Targets;

/** Makes managers without a container; with Guice, use the module of the assembly instead. */
public final class Stillframe {
  private Stillframe() {}

  /**
   * A manager with the backends on the class path and those of the plugins in {@code
   * -Dstillframe.plugins=DIRECTORY}, if that is set; {@code -Dstillframe.backend=NAME} forces one.
   *
   * @throws RequestException UNSUPPORTED if a backend is broken
   */
  public static MigrationManager create() throws RequestException {
    return builder().build();
  }

  /** A manager some of whose parts are given. */
  public static Builder builder() {
    return new Builder();
  }

  /** Collects the parts of a manager; what is not set is the ordinary one. Not thread-safe. */
  public static final class Builder {
    private final SystemCalls system = new SystemCalls();
    private final Sockets sockets = new Sockets(system);
    private BackendSelector selector;
    private Optional<Path> plugins = Optional.empty();
    private Targets targets = new SystemTargets(system);
    private GuestConnector guests = new QmpGuestConnector(system, sockets);
    private Endpoints endpoints = new SystemEndpoints(system, sockets);
    private ChannelScheduler scheduler = new ThreadChannelScheduler();

    private Builder() {}

    /**
     * Where plugins are looked for, instead of the directory that the system property names; see
     * {@link PluginDirectory}. Not together with backends or a selector, which know theirs.
     */
    public Builder plugins(Path directory) {
      plugins = Optional.of(directory);
      return this;
    }

    /**
     * The storage backends, instead of those that ServiceLoader finds and those of plugins; the
     * system property still forces one of them.
     */
    public Builder backends(BackendRegistry registry) {
      return selector(among(registry));
    }

    private static BackendSelector among(BackendRegistry registry) {
      return new BackendSelector(
          registry, Optional.ofNullable(System.getProperty(BackendSelector.PROPERTY)));
    }

    /** How the storage backend is chosen. */
    public Builder selector(BackendSelector value) {
      selector = Objects.requireNonNull(value, "selector");
      return this;
    }

    /** How targets are opened. */
    public Builder targets(Targets value) {
      targets = Objects.requireNonNull(value, "targets");
      return this;
    }

    /** How guests are reached. */
    public Builder guests(GuestConnector value) {
      guests = Objects.requireNonNull(value, "guests");
      return this;
    }

    /** How streams without a monitor are reached. */
    public Builder endpoints(Endpoints value) {
      endpoints = Objects.requireNonNull(value, "endpoints");
      return this;
    }

    /** How channels are run. */
    public Builder scheduler(ChannelScheduler value) {
      scheduler = Objects.requireNonNull(value, "scheduler");
      return this;
    }

    /**
     * Makes the manager.
     *
     * @throws RequestException UNSUPPORTED if a backend is broken; INVALID_REQUEST if there is no
     *     such directory of plugins
     * @throws IllegalStateException if a directory of plugins was given, and backends or a selector
     *     that take no notice of it
     */
    public MigrationManager build() throws RequestException {
      if (selector != null && plugins.isPresent()) {
        throw new IllegalStateException(
            "plugins of "
                + plugins.get()
                + ": backends or a selector were given as well, and know no plugins; give these"
                + " what BackendRegistry.load makes of the directory, or leave one of the two out");
      }
      BackendSelector chosen =
          selector != null
              ? selector
              : among(
                  BackendRegistry.load(
                      MigrationManager.class.getClassLoader(),
                      plugins.or(PluginDirectory::preset)));
      return new DefaultMigrationManager(
          system, sockets, targets, chosen, guests, endpoints, scheduler);
    }
  }
}
