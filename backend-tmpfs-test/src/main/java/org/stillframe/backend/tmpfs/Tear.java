/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

import java.util.SplittableRandom;

/**
 * How a power cut tears what was not synced.
 *
 * @param random decides which sectors stay
 * @param sector how many bytes stay or go together
 */
record Tear(SplittableRandom random, int sector) {}
