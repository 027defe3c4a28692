/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.stillframe.backend.BackendRegistry;
import org.stillframe.backend.BackendSelector;
import org.stillframe.backend.ChoiceBasis;
import org.stillframe.backend.posix.PosixBackend;
import org.stillframe.error.CancelledException;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;
import org.stillframe.target.TargetUri;

/** What the manager tells of the backends: two that serve the same, faulty and posix. */
class ManagerBackendsTest extends ManagerFixture {
  private BackendsReport backends(String preset, BackendsRequest.Builder request) throws Exception {
    BackendRegistry registry = BackendRegistry.of(List.of(new PosixBackend(), backend));
    try (MigrationManager both =
        Stillframe.builder()
            .selector(new BackendSelector(registry, Optional.ofNullable(preset)))
            .build()) {
      return both.backends(request.build());
    }
  }

  private BackendsRequest.Builder about(Path path) {
    return BackendsRequest.builder().target(TargetUri.file(path));
  }

  @Test
  void whatIsInstalled() throws Exception {
    BackendsReport report = backends(null, BackendsRequest.builder());
    assertEquals(
        List.of("faulty", "posix"), report.backends().stream().map(b -> b.name()).toList());
    BackendDescription posix = report.backends().get(1);
    assertEquals(PosixBackend.class.getName(), posix.implementation());
    assertEquals(1, posix.spiVersion());
    assertTrue(Files.exists(Path.of(posix.origin().orElseThrow())), posix.origin().toString());
    assertTrue(posix.appraisal().isEmpty());
    assertTrue(report.target().isEmpty());
    assertTrue(report.forced().isEmpty());
  }

  @Test
  void whatIsForced() throws Exception {
    BackendsReport report = backends("posix", BackendsRequest.builder());
    assertEquals(Optional.of("posix"), report.forced());
    assertEquals(ChoiceBasis.PROPERTY, report.basis());
    BackendsReport none = backends("posix", BackendsRequest.builder().backend("nix"));
    assertEquals(ErrorCode.INVALID_REQUEST, none.refusal().orElseThrow().code());
    assertEquals(2, none.backends().size());
  }

  @Test
  void wishesNeedATarget() {
    BackendsRequest.Builder request =
        BackendsRequest.builder().capabilities(Capability.BYPASS_CACHE);
    RequestException e =
        assertThrows(RequestException.class, () -> manager.backends(request.build()));
    assertEquals(ErrorCode.INVALID_REQUEST, e.code());
  }

  @Test
  void aTargetThatDoesNotExistYetIsNotMade() throws Exception {
    BackendsReport report = backends(null, about(image));
    Target target = report.target().orElseThrow();
    assertEquals(TargetKind.REGULAR, target.kind());
    assertEquals("file:" + image, target.name());
    assertEquals("faulty", report.chosen().orElseThrow().backend().name());
    assertEquals(List.of(), files());
  }

  @Test
  void theForcedOneIsToldWithTheOthers() throws Exception {
    Files.writeString(image, "precious");
    BackendsReport report = backends(null, about(image).backend("posix"));
    assertEquals(8, report.target().orElseThrow().size());
    assertEquals("posix", report.chosen().orElseThrow().backend().name());
    assertEquals(Optional.of("posix"), report.forced());
    assertEquals(2, report.backends().size());
    assertEquals("precious", Files.readString(image));
  }

  @Test
  void aRefusalIsThatOfASave() throws Exception {
    RequestException told =
        backends(null, about(image).backend("posix").capabilities(Capability.BYPASS_CACHE))
            .refusal()
            .orElseThrow();
    assertEquals(ErrorCode.UNSUPPORTED, told.code());
    assertTrue(told.why().startsWith("posix says: "), told.why());
    RequestException saved =
        assertThrows(
            RequestException.class, () -> save(request().capabilities(Capability.BYPASS_CACHE)));
    assertEquals(saved.why().replace("faulty", "posix"), told.why());
  }

  @Test
  void pluginsGoWithNeitherBackendsNorASelector() throws Exception {
    BackendRegistry registry = BackendRegistry.of(List.of(backend));
    Path plugins = directory.resolve("plugins");
    for (Stillframe.Builder both :
        List.of(
            Stillframe.builder().plugins(plugins).backends(registry),
            Stillframe.builder().backends(registry).plugins(plugins),
            Stillframe.builder()
                .selector(new BackendSelector(registry, Optional.empty()))
                .plugins(plugins))) {
      IllegalStateException e = assertThrows(IllegalStateException.class, both::build);
      assertTrue(e.getMessage().startsWith("plugins of " + plugins + ": "), e.getMessage());
    }
  }

  @Test
  void aClosedManagerTellsNothing() {
    manager.close();
    assertThrows(
        CancelledException.class, () -> manager.backends(BackendsRequest.builder().build()));
  }
}
