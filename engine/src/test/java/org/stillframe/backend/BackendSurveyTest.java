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
import static org.mockito.Mockito.when;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.spi.Appraisal;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.Target;
import org.stillframe.spi.TargetKind;

class BackendSurveyTest {
  private static final Target TARGET = Target.builder("file:/srv/a", TargetKind.REGULAR).build();

  private final MigrationBackend good = answering("good", Appraisal.accepted(70, "it can"));
  private final MigrationBackend no = answering("no", Appraisal.refused("it is no tape"));
  private final MigrationBackend shy = answering("shy", Appraisal.onlyByName("it is slow"));

  private static MigrationBackend answering(String name, Appraisal appraisal) {
    MigrationBackend backend = BackendRegistryTest.backend(name);
    when(backend.appraise(any(), any())).thenReturn(appraisal);
    return backend;
  }

  private BackendSelector selector(String preset) throws RequestException {
    return new BackendSelector(
        BackendRegistry.of(List.of(good, no, shy)), Optional.ofNullable(preset));
  }

  private BackendSurvey survey(String preset, String asked) throws RequestException {
    return selector(preset).survey(TARGET, Set.of(), Optional.ofNullable(asked));
  }

  @Test
  void allAreAskedAndTheHighestRankIsChosen() throws Exception {
    BackendSurvey survey = survey(null, null);
    List<MigrationBackend> asked = survey.answers().stream().map(BackendChoice::backend).toList();
    assertEquals(List.of(good, no, shy), asked);
    assertEquals(ChoiceBasis.RANK, survey.basis());
    assertSame(good, survey.chosen().orElseThrow().backend());
    assertTrue(survey.refusal().isEmpty());
  }

  @Test
  void allAreAskedWhoeverForcesOne() throws Exception {
    BackendSurvey byRequest = survey("no", "shy");
    assertEquals(ChoiceBasis.REQUEST, byRequest.basis());
    assertSame(shy, byRequest.chosen().orElseThrow().backend());
    assertEquals(3, byRequest.answers().size());
    assertTrue(byRequest.answers().get(2).forced());
    assertFalse(byRequest.answers().get(1).forced());

    BackendSurvey byProperty = survey("shy", null);
    assertEquals(ChoiceBasis.PROPERTY, byProperty.basis());
    assertSame(shy, byProperty.chosen().orElseThrow().backend());
  }

  @Test
  void theRefusalIsThatOfTheSelector() throws Exception {
    BackendSurvey survey = survey("no", null);
    assertTrue(survey.chosen().isEmpty());
    assertEquals("no says: it is no tape", survey.refusal().orElseThrow().why());
    assertEquals(3, survey.answers().size());

    RequestException unknown = survey(null, "nix").refusal().orElseThrow();
    assertEquals(ErrorCode.INVALID_REQUEST, unknown.code());
  }

  @Test
  void aBrokenBackendIsListedAndEndsAChoiceThatMeetsIt() throws Exception {
    when(no.appraise(any(), any())).thenThrow(new IllegalStateException("oh no"));
    BackendSurvey survey = survey(null, null);
    Appraisal broken = survey.answers().get(1).appraisal();
    assertFalse(broken.isAccepted());
    assertTrue(broken.reason().contains("oh no"), broken.reason());
    assertTrue(survey.refusal().orElseThrow().why().contains("oh no"));
    assertSame(good, survey(null, "good").chosen().orElseThrow().backend());
  }

  @Test
  void theForcedBackendIsKnownWithoutATarget() throws Exception {
    assertEquals(List.of(good, no, shy), List.copyOf(selector(null).installed()));
    assertTrue(selector(null).forcedBackend(Optional.empty()).isEmpty());
    assertSame(shy, selector("shy").forcedBackend(Optional.empty()).orElseThrow());
    assertSame(no, selector("shy").forcedBackend(Optional.of("no")).orElseThrow());
    BackendSelector wrong = selector("nix");
    assertThrows(RequestException.class, () -> wrong.forcedBackend(Optional.empty()));
  }
}
