/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.stillframe.backend.BackendChoice;
import org.stillframe.backend.BackendSelector;
import org.stillframe.backend.BackendSurvey;
import org.stillframe.error.ErrorCode;
import org.stillframe.error.RequestException;
import org.stillframe.error.StillframeException;
import org.stillframe.spi.MigrationBackend;
import org.stillframe.spi.Target;
import org.stillframe.target.Targets;

/** Tells which backends there are and what they say of a target. */
final class BackendsOperation {
  private final Targets targets;
  private final BackendSelector selector;

  BackendsOperation(Targets targets, BackendSelector selector) {
    this.targets = targets;
    this.selector = selector;
  }

  BackendsReport run(BackendsRequest request) throws StillframeException {
    return request.target().isPresent()
        ? survey(request, targets.probe(request.target().get()))
        : list(request);
  }

  private BackendsReport list(BackendsRequest request) throws RequestException {
    if (!request.capabilities().isEmpty()) {
      throw new RequestException(
          ErrorCode.INVALID_REQUEST,
          "storage backends with " + request.capabilities(),
          "whether one can do so depends on the target",
          "name a target");
    }
    List<BackendDescription> described = new ArrayList<>();
    for (MigrationBackend backend : selector.installed()) {
      described.add(BackendDescription.of(backend, Optional.empty()));
    }
    Optional<MigrationBackend> forced = Optional.empty();
    Optional<RequestException> refusal = Optional.empty();
    try {
      forced = selector.forcedBackend(request.backend());
    } catch (RequestException e) {
      refusal = Optional.of(e);
    }
    return new BackendsReport(
        described,
        Optional.empty(),
        request.capabilities(),
        selector.basis(request.backend()),
        forced.map(MigrationBackend::name),
        Optional.empty(),
        refusal);
  }

  private BackendsReport survey(BackendsRequest request, Target target) {
    BackendSurvey survey = selector.survey(target, request.capabilities(), request.backend());
    List<BackendDescription> described = new ArrayList<>();
    Optional<String> forced = Optional.empty();
    for (BackendChoice answer : survey.answers()) {
      described.add(BackendDescription.of(answer.backend(), Optional.of(answer.appraisal())));
      if (answer.forced()) {
        forced = Optional.of(answer.backend().name());
      }
    }
    return new BackendsReport(
        described,
        Optional.of(target),
        request.capabilities(),
        survey.basis(),
        forced,
        survey.chosen(),
        survey.refusal());
  }
}
