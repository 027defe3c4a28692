/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.tmpfs;

/**
 * What befalls one call.
 *
 * @param delayNanos how much longer it takes
 * @param held whether it hangs until it is let go
 * @param cut whether the power is cut with it
 * @param errno how it fails; null if it does not
 * @param after bytes that are moved before it fails
 */
record Verdict(long delayNanos, boolean held, boolean cut, Errno errno, int after) {}
