/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend;

import java.util.List;
import java.util.Optional;
import org.stillframe.error.RequestException;

/**
 * What every backend says of a target, and which one would serve it.
 *
 * @param answers of all backends, in the order of their names
 * @param basis what decides
 * @param chosen the backend that would serve; empty if the choice is refused
 * @param refusal how the choice ends if no backend would serve; a save ends with the same
 */
public record BackendSurvey(
    List<BackendChoice> answers,
    ChoiceBasis basis,
    Optional<BackendChoice> chosen,
    Optional<RequestException> refusal) {}
