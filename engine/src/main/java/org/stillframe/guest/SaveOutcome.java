/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.guest;

import java.time.Instant;
import java.util.Optional;
import org.stillframe.stream.ImageSummary;

/**
 * What a save did.
 *
 * @param summary of what came as a stream; pages that came by other channels are not counted in it
 * @param stoppedAt when the guest was stopped; empty if it did not run
 * @param uncopied how many bytes of RAM are shared by QEMU and went to storage without a copy
 */
public record SaveOutcome(ImageSummary summary, Optional<Instant> stoppedAt, long uncopied) {}
