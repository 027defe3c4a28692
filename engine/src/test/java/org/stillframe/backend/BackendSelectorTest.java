/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.Capability;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

class BackendSelectorTest {
  private static final Target TARGET =
      Target.builder("file:/srv/a", TargetKind.REGULAR).fileSystem("ext4").build();
  private static final Set<Capability> DIRECT = Set.of(Capability.BYPASS_CACHE);

  private static MigrationBackend answering(String name, Appraisal appraisal) {
    MigrationBackend backend = BackendRegistryTest.backend(name);
    when(backend.appraise(any(), any())).thenReturn(appraisal);
    return backend;
  }

  private final MigrationBackend slow = answering("a-slow", Appraisal.accepted(10, "it can"));
  private final MigrationBackend fast = answering("fast", Appraisal.accepted(90, "it is quick"));
  private final MigrationBackend no = answering("no", Appraisal.refused("it is no tape"));

  private static BackendSelector of(String preset, MigrationBackend... backends)
      throws RequestException {
    return new BackendSelector(BackendRegistry.of(List.of(backends)), Optional.ofNullable(preset));
  }

  private static BackendChoice select(BackendSelector selector, String asked)
      throws RequestException {
    return selector.select(TARGET, DIRECT, Optional.ofNullable(asked));
  }

  @Test
  void theHighestRankWins() throws Exception {
    BackendChoice choice = select(of(null, slow, fast, no), null);
    assertSame(fast, choice.backend());
    assertFalse(choice.forced());
    assertEquals("fast (rank 90): it is quick", choice.explanation());
    verify(slow).appraise(TARGET, DIRECT);
  }

  @Test
  void whoCannotBeBetterIsNotAsked() throws Exception {
    when(slow.highestRank()).thenReturn(OptionalInt.of(60));
    when(fast.highestRank()).thenReturn(OptionalInt.of(95));
    assertSame(fast, select(of(null, slow, fast), null).backend());
    verify(slow, never()).appraise(any(), any());
  }

  @Test
  void whoCouldBeBetterIsAsked() throws Exception {
    when(fast.highestRank()).thenReturn(OptionalInt.of(90));
    MigrationBackend modest = answering("modest", Appraisal.accepted(20, "today it is slow"));
    when(modest.highestRank()).thenReturn(OptionalInt.of(99));
    assertSame(fast, select(of(null, modest, fast), null).backend());
    verify(modest).appraise(TARGET, DIRECT);
  }

  @Test
  void amongEqualsTheFirstByNameWins() throws Exception {
    MigrationBackend equal = answering("equal", Appraisal.accepted(90, "as quick"));
    assertSame(equal, select(of(null, fast, equal), null).backend());
  }

  @Test
  void theRequestForcesOneAndTheOthersAreNotAsked() throws Exception {
    BackendChoice choice = select(of(null, slow, fast), "a-slow");
    assertSame(slow, choice.backend());
    assertTrue(choice.forced());
    assertEquals("a-slow (asked for by name): it can", choice.explanation());
    verify(fast, never()).appraise(any(), any());
  }

  @Test
  void thePresetForcesOneUnlessTheRequestDoes() throws Exception {
    assertSame(slow, select(of("a-slow", slow, fast), null).backend());
    assertSame(fast, select(of("a-slow", slow, fast), "fast").backend());
    assertSame(fast, select(of(" ", slow, fast), null).backend());
  }

  @Test
  void aForcedBackendThatRefusesIsNotReplaced() throws Exception {
    RequestException e = refused(of("no", fast, no), null);
    assertEquals("no says: it is no tape", e.why());
    assertTrue(e.what().contains("file:/srv/a (regular file, ext4)"), e.what());
    assertTrue(e.what().contains("bypass-cache"), e.what());
  }

  private static RequestException refused(BackendSelector selector, String asked) {
    RequestException e = assertThrows(RequestException.class, () -> select(selector, asked));
    assertEquals(ErrorCode.UNSUPPORTED, e.code());
    return e;
  }

  @Test
  void whatServesOnlyByNameIsNotChosenWithoutIt() throws Exception {
    MigrationBackend shy = answering("shy", Appraisal.onlyByName("it is for tests"));
    assertSame(slow, select(of(null, shy, slow), null).backend());
    BackendChoice choice = select(of(null, shy, slow), "shy");
    assertSame(shy, choice.backend());
    assertEquals("shy (asked for by name): it is for tests", choice.explanation());
    assertEquals("shy says: it is for tests", refused(of(null, shy), null).why());
  }

  @Test
  void anUnknownNameIsNotReplacedEither() throws Exception {
    for (String preset : new String[] {null, "tape"}) {
      BackendSelector selector = of(preset, slow, fast);
      RequestException e =
          assertThrows(
              RequestException.class, () -> select(selector, preset == null ? "tape" : null));
      assertEquals(ErrorCode.INVALID_REQUEST, e.code());
      assertTrue(e.getMessage().contains("choose one of a-slow, fast"), e.getMessage());
    }
  }

  @Test
  void whereAllRefuseEveryReasonIsTold() throws Exception {
    MigrationBackend other = answering("other", Appraisal.refused("it is too small"));
    RequestException e = refused(of(null, other, no), null);
    assertEquals("no says: it is no tape, other says: it is too small", e.why());
  }

  @Test
  void whereNoneIsInstalledThatIsSaid() throws Exception {
    assertEquals("no storage backend is installed", refused(of(null), null).why());
  }

  @Test
  void aBackendThatGivesNoAnswerIsNamed() throws Exception {
    MigrationBackend mute = answering("mute", null);
    RequestException e = refused(of(null, fast, mute), null);
    assertTrue(e.what().startsWith("backend 'mute'"), e.what());
    MigrationBackend broken = BackendRegistryTest.backend("broken");
    when(broken.appraise(any(), any())).thenThrow(new IllegalStateException("oh no"));
    e = refused(of(null, fast, broken), null);
    assertTrue(e.what().startsWith("backend 'broken'"), e.what());
    assertTrue(e.why().contains("oh no"), e.why());
  }

  @Test
  void everyAnswerCanBeListed() throws Exception {
    List<BackendChoice> all = of(null, no, slow, fast).appraise(TARGET, Set.of(), Optional.empty());
    assertEquals(
        List.of("a-slow", "fast", "no"), all.stream().map(c -> c.backend().name()).toList());
    assertEquals("refused: it is no tape", all.get(2).appraisal().toString());
  }
}
