/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.google.inject.AbstractModule;
import com.google.inject.Guice;
import com.google.inject.Injector;
import com.google.inject.Provides;
import com.google.inject.ProvisionException;
import com.google.inject.util.Modules;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.backend.BackendSelector;
import org.stillframe.channel.ChannelScheduler;
import org.stillframe.error.RequestException;
import org.stillframe.guest.Endpoints;
import org.stillframe.guest.GuestConnector;
import org.stillframe.guest.Qmp;
import org.stillframe.manager.MigrationManager;
import org.stillframe.manager.SaveRequest;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.target.TargetUri;
import org.stillframe.target.Targets;

class StillframeModuleTest {
  private final Injector injector = Guice.createInjector(new StillframeModule());

  @ParameterizedTest
  @ValueSource(
      classes = {
        MigrationManager.class,
        BackendRegistry.class,
        BackendSelector.class,
        ChannelScheduler.class,
        Targets.class,
        GuestConnector.class,
        Endpoints.class
      })
  void everyPartIsThereOnce(Class<?> type) {
    assertNotNull(injector.getInstance(type));
    assertSame(injector.getInstance(type), injector.getInstance(type));
  }

  @Test
  void twoInjectorsShareNothing() {
    Injector other = Guice.createInjector(new StillframeModule());
    for (Class<?> type : List.of(MigrationManager.class, BackendRegistry.class)) {
      assertNotSame(injector.getInstance(type), other.getInstance(type));
    }
  }

  @Test
  void theBackendsOfTheDistributionAreFound() throws Exception {
    assertEquals("posix", injector.getInstance(BackendRegistry.class).named("posix").name());
  }

  /** Makes an injector with one binding of ours in the place of the module's. */
  private static <T> Injector with(Class<T> type, T instance) {
    return Guice.createInjector(
        Modules.override(new StillframeModule())
            .with(
                new AbstractModule() {
                  @Override
                  protected void configure() {
                    bind(type).toInstance(instance);
                  }
                }));
  }

  @Test
  void aPartThatIsReplacedIsTheOneThatTheManagerUses() throws Exception {
    GuestConnector guests = mock(GuestConnector.class);
    IllegalStateException theirs = new IllegalStateException("mocked");
    when(guests.connect(any(), any(), any())).thenThrow(theirs);
    Qmp monitor = Qmp.at(Path.of("/run/vm1.qmp"));
    try (MigrationManager manager =
        with(GuestConnector.class, guests).getInstance(MigrationManager.class)) {
      SaveRequest request =
          SaveRequest.builder(monitor, TargetUri.parse("file:/srv/vm1.image")).build();
      assertSame(
          theirs,
          assertThrows(IllegalStateException.class, () -> manager.save(request, progress -> {})));
    }
    verify(guests).connect(eq(monitor), eq(GuestConnector.DEFAULT_TIMEOUT), any());
  }

  @Test
  void theSelectorChoosesAmongTheBackendsOfTheRegistryThatIsBound() throws Exception {
    BackendRegistry none = BackendRegistry.of(List.of());
    BackendSelector selector = with(BackendRegistry.class, none).getInstance(BackendSelector.class);
    assertEquals(
        List.of(),
        selector.appraise(
            Target.builder("a", TargetKind.PIPE).build(), Set.of(), Optional.empty()));
  }

  @Test
  void aBrokenBackendIsToldWhenTheManagerIsMade() {
    MigrationBackend unnamed = mock(MigrationBackend.class);
    ProvisionException e =
        assertThrows(
            ProvisionException.class,
            () ->
                Guice.createInjector(
                        Modules.override(new StillframeModule())
                            .with(
                                new AbstractModule() {
                                  @Provides
                                  BackendRegistry broken() throws RequestException {
                                    return BackendRegistry.of(List.of(unnamed));
                                  }
                                }))
                    .getInstance(MigrationManager.class));
    assertInstanceOf(RequestException.class, e.getCause());
  }
}
