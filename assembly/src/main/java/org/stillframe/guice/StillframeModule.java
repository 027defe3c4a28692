/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guice;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import com.google.inject.Singleton;
import java.nio.file.Path;
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
import org.stillframe.manager.MigrationManager;
import org.stillframe.manager.Stillframe;
import org.stillframe.system.Sockets;
import org.stillframe.system.SystemCalls;
import org.stillframe.target.SystemTargets;
import org.stillframe.target.Targets;

/**
 * Binds {@link MigrationManager} and what it is made of: {@link BackendRegistry}, {@link
 * BackendSelector}, {@link ChannelScheduler}, {@link Targets}, {@link GuestConnector} and {@link
 * Endpoints}. Each can be replaced with {@code Modules.override}. Every binding is a singleton; the
 * system property {@code stillframe.backend} is read when the selector is made, {@code
 * stillframe.plugins} when the module is.
 */
public final class StillframeModule extends AbstractModule {
  private final Optional<Path> plugins;

  /** Makes the module, with the plugins that the system property names the directory of. */
  public StillframeModule() {
    this(PluginDirectory.preset());
  }

  /** Makes the module, with the plugins in a directory; see {@link PluginDirectory}. */
  public StillframeModule(Path plugins) {
    this(Optional.of(plugins));
  }

  private StillframeModule(Optional<Path> plugins) {
    this.plugins = plugins;
  }

  @Provides
  @Singleton
  ChannelScheduler channelScheduler() {
    return new ThreadChannelScheduler();
  }

  @Provides
  @Singleton
  BackendRegistry backendRegistry() throws RequestException {
    return BackendRegistry.load(StillframeModule.class.getClassLoader(), plugins);
  }

  @Provides
  @Singleton
  BackendSelector backendSelector(BackendRegistry registry) {
    return new BackendSelector(
        registry, Optional.ofNullable(System.getProperty(BackendSelector.PROPERTY)));
  }

  @Provides
  @Singleton
  SystemCalls systemCalls() {
    return new SystemCalls();
  }

  @Provides
  @Singleton
  Sockets sockets(SystemCalls system) {
    return new Sockets(system);
  }

  @Provides
  @Singleton
  Targets targets(SystemCalls system) {
    return new SystemTargets(system);
  }

  @Provides
  @Singleton
  GuestConnector guestConnector(SystemCalls system, Sockets sockets) {
    return new QmpGuestConnector(system, sockets);
  }

  @Provides
  @Singleton
  Endpoints endpoints(SystemCalls system, Sockets sockets) {
    return new SystemEndpoints(system, sockets);
  }

  @Provides
  @Singleton
  MigrationManager migrationManager(
      BackendSelector selector,
      Targets targets,
      GuestConnector guests,
      Endpoints endpoints,
      ChannelScheduler scheduler)
      throws RequestException {
    return Stillframe.builder()
        .selector(selector)
        .targets(targets)
        .guests(guests)
        .endpoints(endpoints)
        .scheduler(scheduler)
        .build();
  }
}
