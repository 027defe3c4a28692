/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
package org.stillframe.backend.uring;

/** The same past the page cache. */
class TroubledDirectTest extends TroubledBufferedTest implements DirectUringUnderTest {}
