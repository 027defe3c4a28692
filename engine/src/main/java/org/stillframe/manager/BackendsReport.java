/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.manager;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.stillframe.backend.BackendChoice;
import org.stillframe.backend.ChoiceBasis;
import org.stillframe.error.RequestException;
import org.stillframe.spi.Capability;
import org.stillframe.spi.Target;

/**
 * Which storage backends there are, and what they say of a target.
 *
 * @param backends all of them, in the order of their names
 * @param target what the system says of the target; empty if none was asked about
 * @param wanted what was asked of the target beyond storing bytes
 * @param basis what decides which backend serves
 * @param forced the name of the backend that is forced, if one is
 * @param chosen the backend that would serve the target; empty if there is no target, or the choice
 *     is refused
 * @param refusal how a save to this target would end for want of a backend; or that the forced name
 *     is none
 */
public record BackendsReport(
    List<BackendDescription> backends,
    Optional<Target> target,
    Set<Capability> wanted,
    ChoiceBasis basis,
    Optional<String> forced,
    Optional<BackendChoice> chosen,
    Optional<RequestException> refusal) {}
