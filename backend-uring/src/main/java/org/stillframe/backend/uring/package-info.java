/*
 * Copyright the Stillframe authors
 * SPDX-License-Identifier: Apache-2.0
 */
/** The backend {@code uring}: an io_uring of its own for each queue. */
package org.stillframe.backend.uring;
